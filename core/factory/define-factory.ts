import { checkReferences } from "./check-references.ts";
import { describeIssue } from "./describe-issue.ts";
import { type Factory, type FactoryInput, factorySchema } from "./factory-schema.ts";
import { asWritten, noteRenamedKeys, type Rename, type RenamedKey, renamedKeys, renameKeys } from "./renamed-keys.ts";

/** The config is not valid; the message lists every fault with its path, what was found and what is valid. */
export class FactoryConfigError extends Error {
  override readonly name = "FactoryConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`factory.config.ts is not valid:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/**
 * Validates a factory's config and fills in defaults. docs/configuration.md lists all keys.
 * @param renames Amint's own, unless a test passes others
 * @throws FactoryConfigError naming every fault at once
 */
export function defineFactory(input: FactoryInput, renames: readonly Rename[] = renamedKeys): Factory {
  const renamed = renameKeys(input, renames);
  const parsed = factorySchema.safeParse(renamed.input, { reportInput: true });
  const issues = (parsed.error?.issues ?? []).flatMap((issue) => describeIssue(issue, factorySchema));
  if (!parsed.success || renamed.faults.length > 0) throw unusable([...renamed.faults, ...issues], renamed.used);
  const faults = checkReferences(parsed.data);
  if (faults.length > 0) throw unusable(faults, renamed.used);
  return renamed.used.length > 0 ? noteRenamedKeys(parsed.data, renamed.used) : parsed.data;
}

const unusable = (faults: readonly string[], used: readonly RenamedKey[]): FactoryConfigError =>
  new FactoryConfigError(faults.map((fault) => asWritten(fault, used)));
