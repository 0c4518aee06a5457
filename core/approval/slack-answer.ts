import * as z from "zod";
import { type BuildArn, buildArn, channelName } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";
import { type ClickedBy, readClick } from "../notice/slack-request.ts";
import { type ApprovalSituation, type Judgement, sayDecided, sayMissing } from "./decide-approval.ts";

/** A click on one of an approval's buttons. */
export interface SlackAnswer extends ClickedBy {
  readonly build: BuildArn;
  readonly channel: string;
  readonly verdict: "approved" | "rejected";
}

const verdicts = { approve: "approved", reject: "rejected" } as const;

const subject = z.object({ build: buildArn, channel: channelName });

/**
 * Reads a click on an approval's button: its `action_id` is `approve` or `reject`, its value is JSON with `build` and
 * `channel`.
 * @param body a form with the interaction in its `payload`, as Slack sends it
 * @returns undefined for every other interaction
 */
export function readSlackAnswer(body: string): SlackAnswer | undefined {
  const click = readClick(new URLSearchParams(body), (id) => Object.hasOwn(verdicts, id));
  const about = subject.safeParse(click?.value);
  if (!click || !about.success) return undefined;
  return { ...about.data, verdict: verdicts[click.action as keyof typeof verdicts], ...click.who };
}

interface Subject {
  readonly image: string;
  readonly build: BuildArn;
  readonly channel: string;
}

/**
 * The reply to an answer: whether it counts, and the result so far.
 * @param situation undefined if approval was never requested
 */
export function sayOutcome(
  { image, build, channel }: Subject,
  judgement: Judgement,
  situation: ApprovalSituation | undefined,
): string {
  const what = `${image} ${buildVersion(build)}`;
  if (judgement.outcome === "refused") return `Your answer on ${what} does not count: ${judgement.reason}.`;
  if (!situation) return `Your answer on ${what} is recorded.`;
  switch (situation.decided?.verdict) {
    case "granted":
      return `${what} is approved for ${channel}.`;
    case "denied":
      return `${what} is rejected for ${channel}.`;
    case undefined:
      return `Your answer on ${what} counts: ${sayMissing(situation)}.`;
    default:
      return `${what} is ${sayDecided(situation)}.`;
  }
}
