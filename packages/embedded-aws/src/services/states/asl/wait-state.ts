import type { WaitState } from "./definition.ts";
import { evaluateAs, evaluationError } from "./evaluate.ts";
import { finish } from "./finish.ts";
import { parseTimestamp } from "./timestamp.ts";
import type { Outcome, Visit } from "./visit.ts";

export async function runWait(visit: Visit<WaitState>): Promise<Outcome> {
  await visit.thread.pause(waitingTime(visit));
  return finish(visit, visit.state, visit.input);
}

/** In milliseconds; a moment that is over is no wait. */
function waitingTime(visit: Visit<WaitState>): number {
  const { Seconds, Timestamp } = visit.state;
  if (Seconds !== undefined) {
    const seconds = evaluateAs(visit, "Seconds", Seconds, "number") as number;
    if (Number.isInteger(seconds) && seconds >= 0 && seconds <= 99_999_999) return seconds * 1_000;
    const why = `The Seconds field must be an integer from 0 to 99999999 but was: ${seconds}`;
    throw evaluationError(visit, why, "Seconds", visit.entered);
  }
  const text = evaluateAs(visit, "Timestamp", Timestamp ?? "", "string") as string;
  const until = parseTimestamp(text);
  if (until === undefined) {
    const why = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
    throw evaluationError(visit, why, "Timestamp", visit.entered);
  }
  return Math.max(0, until - visit.thread.run.aws.clock.now());
}
