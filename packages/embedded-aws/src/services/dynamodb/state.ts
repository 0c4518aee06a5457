import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { createStore, type DynaliteStore } from "./dynalite.ts";

/** Table data that dynalite does not keep. */
export interface TableExtras {
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** By index; the table's own has an empty name. */
  readonly partitionKeys: ReadonlyMap<string, string>;
  deletionProtection: boolean;
  /** KMS key of server-side encryption with a customer key; undefined with AWS's key. */
  kmsKey: string | undefined;
  tableClass: string;
  /** The attribute with an item's expiry, in seconds since the epoch; undefined if disabled. */
  timeToLive: string | undefined;
  /** When expired items were last removed, milliseconds since the epoch. */
  swept: number;
  /** Point-in-time recovery: start, in milliseconds since the epoch, and length; undefined while disabled. */
  recovery: { readonly since: number; readonly days: number } | undefined;
}

interface DynamoState {
  readonly store: DynaliteStore;
  readonly tables: Map<string, TableExtras>;
  /** The last write: the next one waits for it, so that a failed condition answers the item that failed it. */
  writing: Promise<unknown>;
}

const definition = defineState("dynamodb", (): { state: DynamoState | undefined } => ({ state: undefined }));

export function dynamoOf(aws: EmbeddedAws, account: string, region: string): DynamoState {
  const slot = aws.state(definition, account, region);
  slot.state ??= { store: createStore(account, region), tables: new Map(), writing: Promise.resolve() };
  return slot.state;
}
