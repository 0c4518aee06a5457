import * as z from "zod";
import { type BuildArn, buildArn, channelName } from "../events/ids.ts";

/** A click on one of the buttons that ask for approval. */
export interface SlackAnswer {
  readonly build: BuildArn;
  readonly channel: string;
  readonly verdict: "approved" | "rejected";
  /** Slack's id of the user. */
  readonly user: string;
  readonly name?: string;
  /** Where Slack takes an answer for them, for half an hour. */
  readonly responseUrl?: string;
}

const verdicts = { approve: "approved", reject: "rejected" } as const;

/** Slack, "block_actions payload": the fields that matter here. */
const interaction = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string().min(1), username: z.string().optional(), name: z.string().optional() }),
  response_url: z.url().optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
});
const subject = z.object({ build: buildArn, channel: channelName });

/**
 * What somebody answered by a click. Of a button that asks for approval: `action_id` `approve` or `reject`, and as its
 * value JSON with `build` and `channel`.
 * @param body a form with the interaction in its `payload`, as Slack sends it
 * @returns undefined for every other interaction
 */
export function readSlackAnswer(body: string): SlackAnswer | undefined {
  const read = interaction.safeParse(parseJson(new URLSearchParams(body).get("payload")));
  if (!read.success) return undefined;
  const { user, actions, response_url: responseUrl } = read.data;
  const action = actions.find(({ action_id: id }) => Object.hasOwn(verdicts, id));
  const about = subject.safeParse(parseJson(action?.value));
  if (!action || !about.success) return undefined;
  const name = user.username ?? user.name;
  return {
    ...about.data,
    verdict: verdicts[action.action_id as keyof typeof verdicts],
    user: user.id,
    ...(name && { name }),
    ...(responseUrl && { responseUrl }),
  };
}

function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
