import { createHash } from "node:crypto";
import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";

/** An event as targets receive it (EventBridge user guide, "Events"). */
export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: string;
  /** In seconds: `2026-04-15T03:00:00Z`. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

/** A time as EventBridge and its Scheduler write it: UTC, in seconds. */
export const toTheSecond = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;

/**
 * A UUID for an event that is created only if it can be observed. It does not use the common sequence: observers must
 * not change the ids of a run.
 * @param key identifies the event
 */
export function idFrom(key: string): string {
  const hex = createHash("sha256").update(key).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const forwarded = new WeakMap<PutEventsRequestEntry, BusEvent>();

/**
 * An entry that forwards an event from one bus to another. It goes through PutEvents, so that it is authorized, but the
 * event keeps its id, account, region and source, as in AWS.
 */
export function forwardingEntry(event: BusEvent, busArn: string): PutEventsRequestEntry {
  const entry = { Source: event.source, DetailType: event["detail-type"], EventBusName: busArn };
  forwarded.set(entry, event);
  return entry;
}

/** A forwarding entry's event; undefined for entries that create one. */
export const forwardedEvent = (entry: PutEventsRequestEntry): BusEvent | undefined => forwarded.get(entry);
