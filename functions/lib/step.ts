import type { Logger } from "@aws-lambda-powertools/logger";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Bus } from "../../adapters/bus.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { makeClient } from "./clients.ts";
import type { Settings } from "./settings.ts";

/** What every function's body is given beside its event. */
export interface Step<Variable extends string, Clients> {
  readonly settings: Settings<Variable>;
  readonly ledger: Ledger;
  readonly bus: Bus;
  readonly clients: Clients;
  readonly now: Date;
  readonly log: Pick<Logger, "info" | "warn">;
  /** Lambda's request id: the same for every retry of one event. */
  readonly requestId: string;
}

/** The clients that every function has. */
export const makeSharedClients = () => ({
  documents: DynamoDBDocumentClient.from(makeClient(DynamoDBClient, {}), {
    marshallOptions: { removeUndefinedValues: true },
  }),
  events: makeClient(EventBridgeClient, {}),
});

/** One SDK client per region, made at its first use. */
export function perRegion<Client>(make: (region: string) => Client): (region: string) => Client {
  const made = new Map<string, Client>();
  return (region) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
}
