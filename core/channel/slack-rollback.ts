import * as z from "zod";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";
import { ROLL_BACK } from "../notice/slack-blocks.ts";
import { type ClickedMessage, readButton } from "../notice/slack-click.ts";
import type { ClickedBy } from "../notice/slack-request.ts";

/** A rollback requested by a click on "Roll back" or by `/amint rollback <image> <channel> [build]`. */
export interface SlackRollback extends ClickedBy {
  readonly image: string;
  readonly channel: string;
  /** The build that the channel pointed at when the message with the button was sent. */
  readonly from?: BuildArn;
  /** The target: an ARN, or a version (`1.0.0/3`). Absent: the last usable earlier build. */
  readonly to?: string;
  /** The message with the button. */
  readonly message?: ClickedMessage;
}

/** A command that could not be parsed, with the reply. */
interface NotUnderstood {
  readonly usage: string;
}

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

const offer = z.object({ image: name, channel: name, from: buildArn, to: buildArn });

/** The fields used of a slash command's form (Slack, "Enabling interactivity with Slash commands"). */
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
  const click = readButton(form, [ROLL_BACK], offer);
  if (!click) return undefined;
  const { offered, action: _, ...who } = click;
  return { ...offered, ...who };
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
      usage: `Usage: ${called} rollback <image> <channel> [build], for example ${called} rollback al2023-base stable 1.0.0/3`,
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

/** The result of `functions/channel/roll-back.ts`. */
interface RolledBackAnswer {
  readonly moved: boolean;
  readonly build: BuildArn;
  readonly previous?: BuildArn | undefined;
  readonly regions: Readonly<Record<string, string>>;
}

interface ChannelOf {
  readonly image: string;
  readonly channel: string;
}

/** The reply to a rollback: the build, who requested it, and in how many regions. */
export function sayRolledBack(
  { image, channel }: ChannelOf,
  { moved, build, previous, regions }: RolledBackAnswer,
  by: string,
): string {
  const count = Object.keys(regions).length;
  const where = `in ${count} region${count === 1 ? "" : "s"}`;
  if (!moved) return `${image} ${channel} already points at ${buildVersion(build)} ${where}.`;
  const was = previous ? `, from ${buildVersion(previous)}` : "";
  return `${image} ${channel} was rolled back to ${buildVersion(build)} by ${by}${was}, ${where}.`;
}
