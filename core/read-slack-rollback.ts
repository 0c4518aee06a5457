import * as z from "zod";
import { type BuildArn, buildArn } from "../events/ids.ts";
import { ROLL_BACK } from "./slack-blocks.ts";

/** What somebody asks for by a click on "Roll back", or by `/amint rollback <image> <channel> [build]`. */
export interface SlackRollback {
  readonly image: string;
  readonly channel: string;
  /** What the channel pointed at when the message with the button was written. */
  readonly from?: BuildArn;
  /** Where it is to go: an ARN, or as people say it (`1.0.0/3`). Left out: the last build before that can be had. */
  readonly to?: string;
  /** Slack's id of the user. */
  readonly user: string;
  readonly name?: string;
  /** Where Slack takes an answer for them, for half an hour. */
  readonly responseUrl?: string;
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

/** Slack, "block_actions payload", of a button in a message: the fields that matter here. */
const interaction = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: z.string().min(1), username: z.string().optional(), name: z.string().optional() }),
  response_url: z.url().optional(),
  actions: z.array(z.object({ action_id: z.string(), value: z.string().optional() })).min(1),
  channel: z.object({ id: z.string() }),
  message: clickedMessage.omit({ channel: true }),
});

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
  return form.has("command") ? readCommand(form) : readClick(parseJson(form.get("payload")));
}

function readClick(payload: unknown): SlackRollback | undefined {
  const read = interaction.safeParse(payload);
  if (!read.success) return undefined;
  const { user, actions, response_url: responseUrl, channel, message } = read.data;
  const action = actions.find(({ action_id: id }) => id === ROLL_BACK);
  const offered = offer.safeParse(parseJson(action?.value));
  if (!offered.success) return undefined;
  const called = user.username ?? user.name;
  return {
    ...offered.data,
    user: user.id,
    ...(called && { name: called }),
    ...(responseUrl && { responseUrl }),
    message: { channel: channel.id, ...message },
  };
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

function parseJson(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
