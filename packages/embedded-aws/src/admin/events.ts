import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { WireRequest } from "../wire/message.ts";
import { newest, readQuery, toNumber } from "./query.ts";
import { recordsOf } from "./records.ts";

/** `GET /_embedded/events?after=&last=&bus=&source=&detail-type=` */
export function listEvents(aws: EmbeddedAws, request: WireRequest): object {
  const wanted = readQuery(request, ["after", "last", "bus", "source", "detail-type"]);
  const events = recordsOf(aws)
    .events.after(toNumber("after", wanted.after) ?? 0)
    .filter(({ bus }) => wanted.bus === undefined || bus === wanted.bus)
    .filter(({ event }) => wanted.source === undefined || event.source === wanted.source)
    .filter(({ event }) => wanted["detail-type"] === undefined || event["detail-type"] === wanted["detail-type"]);
  return { events: newest(events, toNumber("last", wanted.last)) };
}
