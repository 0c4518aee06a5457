import type { Rollout } from "../factory/rollout-schema.ts";
import { isUnderWay, type RolloutStep, type TargetRecord } from "./records.ts";

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

const halt = (why: string): StepVerdict => ({ kind: "halt", why });

/** A group, with its reason or state. */
export const sayTarget = (target: TargetRecord | undefined): string =>
  target ? `${target.group} (${target.account}, ${target.region}): ${target.why ?? target.state}` : "";
