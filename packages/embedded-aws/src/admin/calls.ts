import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { WireRequest } from "../wire/message.ts";
import { newest, readQuery, toNumber } from "./query.ts";
import { recordsOf } from "./records.ts";

/** `GET /_embedded/calls?after=&last=&service=&operation=&caller=&failed=true`; `caller` is part of the ARN. */
export function listCalls(aws: EmbeddedAws, request: WireRequest): object {
  const wanted = readQuery(request, ["after", "last", "service", "operation", "caller", "failed"]);
  const calls = recordsOf(aws)
    .calls.after(toNumber("after", wanted.after) ?? 0)
    .filter(({ service }) => wanted.service === undefined || service === wanted.service)
    .filter(({ operation }) => wanted.operation === undefined || operation === wanted.operation)
    .filter(({ caller }) => wanted.caller === undefined || caller.includes(wanted.caller))
    .filter(({ outcome }) => wanted.failed !== "true" || outcome !== "OK");
  return { calls: newest(calls, toNumber("last", wanted.last)) };
}
