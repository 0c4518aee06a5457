import * as z from "zod";
import { toContext } from "./slack-blocks.ts";
import { type ClickedBy, readClick } from "./slack-request.ts";

export const clickedMessage = z.object({
  channel: z.string().min(1),
  ts: z.string().min(1),
  text: z.string(),
  blocks: z.array(z.record(z.string(), z.unknown())),
});

/** As `chat.update` wants it, with what is in it. */
export type ClickedMessage = z.output<typeof clickedMessage>;

/** Where the button was, as Slack says it of a click. */
const place = z.object({ channel: z.object({ id: z.string() }), message: clickedMessage.omit({ channel: true }) });

interface OnMessage<Offered> extends ClickedBy {
  readonly action: string;
  readonly offered: Offered;
  readonly message: ClickedMessage;
}

/**
 * A click on one of a message's buttons.
 * @param form as Slack sends it, with the interaction in its `payload`
 * @param value what the buttons carry
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

/** `done`; `over`: it cannot be done any more; `refused`: not for them; `failed`: not yet, it is tried again. */
export const slackOutcomes = ["done", "over", "refused", "failed"] as const;

export interface SlackOutcome {
  readonly kind: (typeof slackOutcomes)[number];
  /** A sentence for people. */
  readonly text: string;
}

/** Slack takes ten parts in a context block; these are enough to see what goes on. */
const MOST_LINES = 5;

/**
 * A message with buttons, with what came of them so far: they stay until it was done, or cannot be.
 * @param outcomes of all who clicked, oldest first
 */
export function toOutcomeBlocks(
  { blocks }: ClickedMessage,
  outcomes: readonly SlackOutcome[],
  buttons: object,
): Record<string, unknown>[] {
  // What it says, without what was put below it.
  const said = blocks.filter(({ type }) => type === "header" || type === "section");
  const lines = [...new Set(outcomes.map(({ text }) => text))].slice(-MOST_LINES);
  const isOpen = !outcomes.some(({ kind }) => kind === "done" || kind === "over");
  return [
    ...said.map((block) => ({ ...block })),
    ...(lines.length > 0 ? [toContext(lines)] : []),
    ...(isOpen ? [{ ...buttons }] : []),
  ];
}
