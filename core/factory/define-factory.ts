import { checkReferences } from "./check-references.ts";
import { describeIssue } from "./describe-issue.ts";
import { type Factory, type FactoryInput, factorySchema } from "./factory-schema.ts";

/** The config cannot be used; the message lists every fault with its path, what was found and what would be valid. */
export class FactoryConfigError extends Error {
  override readonly name = "FactoryConfigError";
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`factory.config.ts cannot be used:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
    this.faults = faults;
  }
}

/**
 * Validates a factory's description and fills in defaults.
 * @throws FactoryConfigError naming every fault at once
 */
export function defineFactory(input: FactoryInput): Factory {
  const parsed = factorySchema.safeParse(input, { reportInput: true });
  if (!parsed.success) throw new FactoryConfigError(parsed.error.issues.flatMap(describeIssue));
  const faults = checkReferences(parsed.data);
  if (faults.length > 0) throw new FactoryConfigError(faults);
  return parsed.data;
}
