import * as z from "zod";
import { type BuildArn, buildArn, channelName } from "../events/ids.ts";
import { type ClickedBy, readClick } from "./slack-interaction.ts";

/** A click on one of the buttons that ask for approval. */
export interface SlackAnswer extends ClickedBy {
  readonly build: BuildArn;
  readonly channel: string;
  readonly verdict: "approved" | "rejected";
}

const verdicts = { approve: "approved", reject: "rejected" } as const;

const subject = z.object({ build: buildArn, channel: channelName });

/**
 * What somebody answered by a click. Of a button that asks for approval: `action_id` `approve` or `reject`, and as its
 * value JSON with `build` and `channel`.
 * @param body a form with the interaction in its `payload`, as Slack sends it
 * @returns undefined for every other interaction
 */
export function readSlackAnswer(body: string): SlackAnswer | undefined {
  const click = readClick(new URLSearchParams(body), (id) => Object.hasOwn(verdicts, id));
  const about = subject.safeParse(click?.value);
  if (!click || !about.success) return undefined;
  return { ...about.data, verdict: verdicts[click.action as keyof typeof verdicts], ...click.who };
}
