import { readFile } from "node:fs/promises";
import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Blueprint } from "embedded-aws/deploy";
import type { EvidenceStore } from "../../adapters/evidence/evidence-store.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { blueprintOf, findProject } from "../../stacks/blueprint/project.ts";

/** Options of a command's AWS clients: more retries when throttled, and short network timeouts. */
export const patient = (region: string) => ({
  region,
  maxAttempts: 5,
  requestHandler: { connectionTimeout: 5_000, requestTimeout: 10_000 },
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
    super("blueprint.json has no table for the ledger; was it removed from stacks/?");
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

/** The deployed factory's evidence bucket, with the current credentials. */
export function openEvidence({ buildRegion, resources }: Blueprint): EvidenceStore {
  const bucket = resources.find(({ name }) => name === "Evidence")?.inputs.bucket;
  if (typeof bucket !== "string") throw new NoEvidenceBucket();
  return { client: new S3Client(patient(buildRegion)), bucket };
}

class NoEvidenceBucket extends Error {
  override readonly name = "NoEvidenceBucket";

  constructor() {
    super("blueprint.json has no evidence bucket; was it removed from stacks/?");
  }
}
