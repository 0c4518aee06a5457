import * as z from "zod";

/** Slack, "block_actions payload": the fields that matter here. */
const interaction = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string().min(1), username: z.string().optional(), name: z.string().optional() }),
  response_url: z.url().optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
});

interface Click {
  /** Which of the buttons. */
  readonly action: string;
  /** What the button was given as its value: JSON; undefined where it is none. */
  readonly value: unknown;
  readonly who: ClickedBy;
  /** All of what Slack sent. */
  readonly payload: unknown;
}

export interface ClickedBy {
  /** Slack's id of the user. */
  readonly user: string;
  readonly name?: string;
  /** Where Slack takes an answer for them, for half an hour. */
  readonly responseUrl?: string;
}

/**
 * A click on one of the buttons that are looked for.
 * @param form as Slack sends it, with the interaction in its `payload`
 * @returns undefined for every other interaction
 */
export function readClick(form: URLSearchParams, isLookedFor: (action: string) => boolean): Click | undefined {
  const payload = parseJson(form.get("payload"));
  const read = interaction.safeParse(payload);
  const action = read.data?.actions.find(({ action_id: id }) => isLookedFor(id));
  if (!read.success || !action) return undefined;
  const { user, response_url: responseUrl } = read.data;
  const name = user.username ?? user.name;
  return {
    action: action.action_id,
    value: parseJson(action.value),
    who: { user: user.id, ...(name && { name }), ...(responseUrl && { responseUrl }) },
    payload,
  };
}

function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
