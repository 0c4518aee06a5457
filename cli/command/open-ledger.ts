import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Blueprint } from "embedded-aws/deploy";
import type { Ledger } from "../../adapters/ledger/table.ts";

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
