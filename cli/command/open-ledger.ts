import { readFile } from "node:fs/promises";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Blueprint } from "embedded-aws/deploy";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { blueprintOf, findProject } from "../../stacks/blueprint/project.ts";

/** Options of a command's AWS clients: more retries when throttled, and a minute at most without an answer. */
export const patient = (region: string) => ({
  region,
  maxAttempts: 5,
  // Without throwOnRequestTimeout, the SDK logs a warning and waits on.
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
});

/** The deployed factory's ledger, in the account of the current credentials. Only `waive`, `hold` and `ledger` write it. */
export function openLedger({ buildRegion, resources }: Blueprint, where: DynamoDBClientConfig = {}): Ledger {
  const table = resources.find(({ type }) => type === "aws:dynamodb/table:Table");
  if (!table) throw new NoLedger();
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ ...patient(buildRegion), ...where }));
  return { documents, table: String(table.inputs.name) };
}

class NoLedger extends Error {
  override readonly name = "NoLedger";

  constructor() {
    super("blueprint.json has no table for the ledger; `npx amint blueprint` writes it again.");
  }
}

const path = "blueprint.json";

/** The project's blueprint.json, written by `amint blueprint`. @throws BlueprintUnreadable, NoProject */
export async function readBlueprint(): Promise<Blueprint> {
  const file = blueprintOf(findProject());
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new BlueprintUnreadable(cause);
  }
}

class BlueprintUnreadable extends Error {
  override readonly name = "BlueprintUnreadable";

  constructor(cause: unknown) {
    const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    const what = isMissing
      ? `${path} does not exist yet.`
      : `${path} cannot be read: ${cause instanceof Error ? cause.message : cause}.`;
    super(`${what}\nfix: \`npx amint blueprint\` writes it`, { cause });
  }
}
