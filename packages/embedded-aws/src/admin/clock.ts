import { VirtualClock } from "../engine/clock/virtual-clock.ts";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import type { WireRequest } from "../wire/message.ts";
import { readBody } from "./body.ts";
import { DoorError } from "./door-error.ts";

/** `GET /_embedded/clock` */
export const readClock = ({ clock }: EmbeddedAws): object => ({
  now: new Date(clock.now()).toISOString(),
  kind: clock instanceof VirtualClock ? "virtual" : "real",
});

/** `POST /_embedded/clock {"until": "<ISO 8601>"}`: virtual time passes up to there, recurring schedules included. */
export async function setClock(aws: EmbeddedAws, request: WireRequest): Promise<object> {
  const { until } = readBody(request);
  const time = typeof until === "string" ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new DoorError(400, "BadBody", `until must be a time such as "2026-05-01T00:00:00Z", not ${show(until)}.`);
  }
  if (!(aws.clock instanceof VirtualClock)) {
    throw new DoorError(409, "RealClock", "Real time passes by itself. Start with a virtual clock to let it jump.");
  }
  if (aws.clock.following) {
    throw new DoorError(409, "FollowsRealTime", "This clock goes as fast as the one on the wall; it cannot jump now.");
  }
  await aws.clock.runUntil(time);
  return readClock(aws);
}

const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));
