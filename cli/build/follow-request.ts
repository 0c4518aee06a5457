import { findPending, findStarted } from "../../adapters/build/claims.ts";
import { suppressedBy } from "../../adapters/build/reasons.ts";
import { read } from "../../adapters/ledger/reads.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { sayTime } from "../../core/build/explain-triggers.ts";
import { type BuildOutcome, decideProgress } from "../../core/promotion/decide-progress.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Wait } from "../command/factory-clock.ts";
import { type Reading, readSituation } from "./read-situation.ts";

/** A request, and what the requester waits for. */
export interface Followed {
  readonly image: string;
  readonly token: string;
  /** If it is known already. */
  readonly build?: BuildArn | undefined;
  /** The channels that the build must go through. */
  readonly channels: readonly string[];
}

/** The state of a request. */
type Found =
  | { readonly kind: "under-way"; readonly text: string; readonly build?: BuildArn }
  | {
      readonly kind: "ended";
      readonly outcome: BuildOutcome | "refused";
      readonly reason: string;
      readonly build?: BuildArn;
    };

interface Follow extends Pick<Wait, "pass"> {
  readonly signal: AbortSignal;
  readonly onChange: (found: Extract<Found, { kind: "under-way" }>) => Promise<void>;
}

type End = Extract<Found, { kind: "ended" }>;

/**
 * Polls until the request ends. Each change is reported once.
 * @throws the signal's reason when it is aborted
 */
export async function followRequest(
  reading: Reading,
  followed: Followed,
  { signal, onChange, pass }: Follow,
): Promise<End> {
  let build = followed.build;
  let said = "";
  for (let looks = 0; ; looks++) {
    const found = await abortable(look(reading, { ...followed, build }), signal);
    if (found.kind === "ended") return found;
    build = found.build;
    if (found.text !== said) {
      await onChange(found);
      said = found.text;
      looks = 0;
    }
    await abortable(pass(pollDelay(looks), signal), signal);
  }
}

/** Rejects with the signal's reason as soon as that is aborted. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, work]);
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** A request that waited may have started a build together with others: the ledger names it. */
async function look(reading: Reading, { image, token, build: known, channels }: Followed): Promise<Found> {
  const build = known ?? (await findStarted(reading.ledger, image, token));
  if (!build) return lookAtRequest(reading, image, token);
  // That a build exists is reported first.
  if (!known) return { kind: "under-way", text: `build ${buildVersion(build)} was started`, build };
  return { ...decideProgress(await readSituation(reading, { image, build }, channels)), build };
}

async function lookAtRequest({ ledger }: Reading, image: string, token: string): Promise<Found> {
  const waiting = (await findPending(ledger, image)).find((one) => one.token === token);
  const ignored = waiting ? undefined : await read(ledger, suppressedBy(image, token));
  if (ignored?.decision === "never") return { kind: "ended", outcome: "refused", reason: ignored.reason };
  if (!waiting?.held) return { kind: "under-way", text: "is being started" };
  const { reason, until } = waiting.held;
  return { kind: "under-way", text: `waits: ${reason}${until ? `, until ${sayTime(until)}` : ""}` };
}
const FIRST_MS = 1_000;

const MOST_MS = 30_000;

/**
 * Milliseconds until the next poll: soon after a change, then less often, with jitter.
 * @param looks polls since the last change
 */
const pollDelay = (looks: number, random = Math.random()): number =>
  Math.min(MOST_MS, FIRST_MS * 1.5 ** looks) * (0.75 + random / 2);
