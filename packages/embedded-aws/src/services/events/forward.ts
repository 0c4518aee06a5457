import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import type { BusEvent } from "./event.ts";

const forwarded = new WeakMap<PutEventsRequestEntry, BusEvent>();

/**
 * An entry that hands an event from one bus to the next. It goes through PutEvents like any other, so that it is
 * authorized, but the event keeps its id, account, region and source there, as in AWS.
 */
export function forwardingEntry(event: BusEvent, busArn: string): PutEventsRequestEntry {
  const entry = { Source: event.source, DetailType: event["detail-type"], EventBusName: busArn };
  forwarded.set(entry, event);
  return entry;
}

/** The event of a forwarding entry; undefined for entries that make a new one. */
export const forwardedEvent = (entry: PutEventsRequestEntry): BusEvent | undefined => forwarded.get(entry);
