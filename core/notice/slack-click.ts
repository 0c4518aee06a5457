import * as z from "zod";
import { toContext } from "./slack-blocks.ts";
import { type ClickedBy, readClick } from "./slack-request.ts";

export const clickedMessage = z.object({
  channel: z.string().min(1),
  ts: z.string().min(1),
  text: z.string(),
  blocks: z.array(z.record(z.string(), z.unknown())),
});

/** A message as `chat.update` needs it, with its content. */
export type ClickedMessage = z.output<typeof clickedMessage>;

/** The part of a click's payload that names the message. */
const place = z.object({ channel: z.object({ id: z.string() }), message: clickedMessage.omit({ channel: true }) });

interface OnMessage<Offered> extends ClickedBy {
  readonly action: string;
  readonly offered: Offered;
  readonly message: ClickedMessage;
}

/**
 * Reads a click on one of a message's buttons.
 * @param form as Slack sends it, with the interaction in its `payload`
 * @param value schema of the buttons' value
 * @returns undefined for every other interaction
 */
export function readButton<Value extends z.ZodType>(
  form: URLSearchParams,
  actions: readonly string[],
  value: Value,
): OnMessage<z.output<Value>> | undefined {
  const click = readClick(form, (id) => actions.includes(id));
  const offered = value.safeParse(click?.value);
  const where = place.safeParse(click?.payload);
  if (!click || !offered.success || !where.success) return undefined;
  const { channel, message } = where.data;
  return { action: click.action, offered: offered.data, ...click.who, message: { channel: channel.id, ...message } };
}

/** `done`; `over`: no longer possible; `refused`: this user may not; `failed`: it did not succeed and is retried. */
export const slackOutcomes = ["done", "over", "refused", "failed"] as const;

export interface SlackOutcome {
  readonly kind: (typeof slackOutcomes)[number];
  /** A sentence for readers. */
  readonly text: string;
}

/** Slack accepts ten elements in a context block; five are enough. */
const MOST_LINES = 5;

/**
 * A message with the outcomes of its buttons so far. The buttons stay until the action is done or no longer possible.
 * @param outcomes of all clicks, oldest first
 */
export function toOutcomeBlocks(
  { blocks }: ClickedMessage,
  outcomes: readonly SlackOutcome[],
  buttons: object,
): Record<string, unknown>[] {
  // The original message, without outcomes and buttons.
  const said = blocks.filter(({ type }) => type === "header" || type === "section");
  const lines = [...new Set(outcomes.map(({ text }) => text))].slice(-MOST_LINES);
  const isOpen = !outcomes.some(({ kind }) => kind === "done" || kind === "over");
  return [
    ...said.map((block) => ({ ...block })),
    ...(lines.length > 0 ? [toContext(lines)] : []),
    ...(isOpen ? [{ ...buttons }] : []),
  ];
}
