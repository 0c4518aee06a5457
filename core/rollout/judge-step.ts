import type { Rollout } from "../factory/rollout-schema.ts";
import { isBegun, isUnderWay, type RolloutStep, type TargetRecord } from "./records.ts";

export type StepVerdict =
  | { readonly kind: "going" }
  /** No group is done yet, and every remaining group waits for its owner. */
  | { readonly kind: "held"; readonly why: string }
  | { readonly kind: "finished" }
  | { readonly kind: "halt"; readonly why: string };

interface Judged extends Pick<RolloutStep, "first"> {
  /** Whether a group of its waves got the build in an earlier step. */
  readonly isProven?: boolean;
}

/** Decides whether a step continues, is finished, or halts the roll-out. */
export function judgeStep(
  targets: readonly TargetRecord[],
  { first, isProven = false }: Judged,
  { maxFailed }: Pick<Rollout, "maxFailed">,
): StepVerdict {
  const counted = targets.filter(({ state }) => state !== "skipped");
  const failed = counted.filter((target) => target.failed);
  if (failed.length > 0) {
    const alarmed = failed.find((target) => target.alarmed);
    const percent = (failed.length / counted.length) * 100;
    if (alarmed) return halt(`an alarm failed ${sayTarget(alarmed)}`);
    if (first) return halt(`the first group failed: ${sayTarget(failed.at(-1))}`);
    if (percent > maxFailed) {
      const which = `${failed.length} of ${counted.length} groups (${Math.round(percent)} %, at most ${maxFailed} % may)`;
      return halt(`${which} failed, the last of them ${sayTarget(failed.at(-1))}`);
    }
  }
  // The first step refreshes one group. If a group had nothing to replace, the next one follows.
  if (first && counted.some(({ state, refresh }) => state === "done" && refresh)) return { kind: "finished" };
  if (targets.some((target) => target.state === "pending" || isUnderWay(target))) return { kind: "going" };
  const held = targets.filter(({ state }) => state === "held");
  const [one] = held;
  if (one && !isProven && !counted.some(({ state }) => state === "done"))
    return { kind: "held", why: `${held.length} held, such as ${sayTarget(one)}` };
  return { kind: "finished" };
}

/** EC2 Auto Scaling throttles all calls of an account and region together. */
const POLL_SECONDS = 60;
/** Events continue a roll-out at once; AWS sends them best effort. */
const HEARD_SECONDS = 5 * 60;

/**
 * How long the next turn can wait. Auto Scaling sends an event when a known refresh ends; it sends none for what only a
 * turn finds: a lost answer, a failed call, a copy of a parameter, a refresh that is being cancelled.
 */
export function pollSeconds(targets: readonly TargetRecord[]): number {
  const begun = targets.filter(isBegun);
  // A group that goes back keeps the reason.
  const isHeard = begun.every(
    ({ intent, refresh, why }) => !intent && refresh && (!why || refresh.towards === "previous"),
  );
  return begun.length > 0 && isHeard ? HEARD_SECONDS : POLL_SECONDS;
}

const halt = (why: string): StepVerdict => ({ kind: "halt", why });

/** A group, with its reason or state. */
export const sayTarget = (target: TargetRecord | undefined): string =>
  target ? `${target.group} (${target.account}, ${target.region}): ${target.why ?? target.state}` : "";
