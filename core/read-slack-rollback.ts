import * as z from "zod";
import { type BuildArn, buildArn } from "../events/ids.ts";
import { ROLL_BACK } from "./slack-blocks.ts";
import { type ClickedBy, readClick } from "./slack-interaction.ts";

/** What somebody asks for by a click on "Roll back", or by `/amint rollback <image> <channel> [build]`. */
export interface SlackRollback extends ClickedBy {
  readonly image: string;
  readonly channel: string;
  /** What the channel pointed at when the message with the button was written. */
  readonly from?: BuildArn;
  /** Where it is to go: an ARN, or as people say it (`1.0.0/3`). Left out: the last build before that can be had. */
  readonly to?: string;
  /** The message with the button. */
  readonly message?: ClickedMessage;
}

/** As `chat.update` wants it, with what is in it. */
export interface ClickedMessage {
  readonly channel: string;
  readonly ts: string;
  readonly text: string;
  readonly blocks: readonly Readonly<Record<string, unknown>>[];
}

/** A command that says something else: what to tell whoever typed it. */
interface NotUnderstood {
  readonly usage: string;
}

export const clickedMessage = z.object({
  channel: z.string().min(1),
  ts: z.string().min(1),
  text: z.string(),
  blocks: z.array(z.record(z.string(), z.unknown())),
});

/** Where the button was, as Slack says it of a click. */
const place = z.object({ channel: z.object({ id: z.string() }), message: clickedMessage.omit({ channel: true }) });

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const offer = z.object({ image: name, channel: name, from: buildArn, to: buildArn });

/** Slack, "Enabling interactivity with Slash commands": the form's fields that matter here. */
const command = z.object({
  command: z.string().startsWith("/"),
  text: z.string().default(""),
  user_id: z.string().min(1),
  user_name: z.string().optional(),
  response_url: z.url().optional(),
});

/**
 * @param body a form as Slack sends it: an interaction in its `payload`, or a slash command's fields
 * @returns undefined for every other interaction
 */
export function readSlackRollback(body: string): SlackRollback | NotUnderstood | undefined {
  const form = new URLSearchParams(body);
  return form.has("command") ? readCommand(form) : readOffer(form);
}

function readOffer(form: URLSearchParams): SlackRollback | undefined {
  const click = readClick(form, (id) => id === ROLL_BACK);
  const offered = offer.safeParse(click?.value);
  const where = place.safeParse(click?.payload);
  if (!click || !offered.success || !where.success) return undefined;
  const { channel, message } = where.data;
  return { ...offered.data, ...click.who, message: { channel: channel.id, ...message } };
}

const words = z.tuple([
  z.literal("rollback"),
  name,
  name,
  z
    .string()
    .regex(/^\d+\.\d+\.\d+\/\d+$/)
    .optional(),
]);

function readCommand(form: URLSearchParams): SlackRollback | NotUnderstood | undefined {
  const read = command.safeParse(Object.fromEntries(form));
  if (!read.success) return undefined;
  const { command: called, text, user_id: user, user_name: person, response_url: responseUrl } = read.data;
  const asked = words.safeParse(text.trim().split(/\s+/));
  if (!asked.success) {
    return {
      usage: `Say ${called} rollback <image> <channel> [build], for example ${called} rollback al2023-base stable 1.0.0/3`,
    };
  }
  const [, image, channel, to] = asked.data;
  return {
    image,
    channel,
    ...(to && { to }),
    user,
    ...(person && { name: person }),
    ...(responseUrl && { responseUrl }),
  };
}
