import type { BuildArn } from "../events/ids.ts";
import { buildVersion } from "./build-arn.ts";
import { type ApprovalSituation, type Judgement, sayDecided, sayMissing } from "./decide-approval.ts";

interface Subject {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

/**
 * What is told to the one who answered: whether it counts, and what came or comes of it.
 * @param situation undefined where nothing was ever asked
 */
export function sayOutcome(
  { image, build, channel }: Subject,
  judgement: Judgement,
  situation: ApprovalSituation | undefined,
): string {
  const what = `${image} ${buildVersion(build)}`;
  if (judgement.outcome === "refused") return `Your answer on ${what} does not count: ${judgement.reason}.`;
  if (!situation) return `Your answer on ${what} is kept.`;
  switch (situation.decided?.verdict) {
    case "granted":
      return `${what} is approved: it enters ${channel}.`;
    case "denied":
      return `${what} is rejected: it does not enter ${channel}.`;
    case undefined:
      return `Your answer on ${what} counts: ${sayMissing(situation)}.`;
    default:
      return `${what} is ${sayDecided(situation)}.`;
  }
}
