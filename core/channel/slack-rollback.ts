import * as z from "zod";
import { type BuildArn, buildArn } from "../../events/ids.ts";
import { findPeople, type Identity, sayIdentity } from "../approval/find-person.ts";
import { buildVersion } from "../build/build-arn.ts";
import type { Factory } from "../factory/factory-schema.ts";
import { ROLL_BACK, type SlackWayBack, toContext, toWayBack } from "../notice/slack-blocks.ts";
import { type ClickedBy, readClick } from "../notice/slack-request.ts";

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

type RollbackVerdict =
  | { readonly kind: "allowed"; readonly person: string }
  /** `why` follows "it was not rolled back:"; `for` whoever asked, or everybody because there is no such channel. */
  | { readonly kind: "refused"; readonly for: "them" | "everybody"; readonly why: string };

/**
 * Whether somebody may move a channel back from Slack: its approvers may, or, where it has none, everybody of the
 * config's `people`. Who Slack says somebody is must be one person of the config.
 */
export function whoMayRollBack(
  { images, people }: Pick<Factory, "images" | "people">,
  { image, channel, identity }: { readonly image: string; readonly channel: string; readonly identity: Identity },
): RollbackVerdict {
  const of = images[image];
  if (!of) return refused("everybody", `the config has no image "${image}"; it has ${Object.keys(images).join(", ")}`);
  const found = of.channels.find(({ name }) => name === channel);
  if (!found) {
    const known = of.channels.map(({ name }) => name).join(", ");
    return refused("everybody", `the config of ${image} has no channel "${channel}"; it has ${known}`);
  }
  const who = sayIdentity(identity);
  const [person, second, ...more] = findPeople(people, identity);
  if (person === undefined) return refused("them", `the config's people has nobody who is ${who}`);
  if (second !== undefined) {
    const several = [person, second, ...more].join(", ");
    return refused("them", `the config's people says of several that they are ${who}: ${several}`);
  }
  const approvers = found.approval?.approvers;
  if (!approvers || approvers.includes(person)) return { kind: "allowed", person };
  return refused("them", `${person} does not decide over ${image} ${channel}; ${approvers.join(", ")} can`);
}

const refused = (whom: "them" | "everybody", why: string): RollbackVerdict => ({ kind: "refused", for: whom, why });

/** `done`; `over`: it cannot be done any more; `refused`: not for them; `failed`: not yet, it is tried again. */
export const rollbackOutcomes = ["done", "over", "refused", "failed"] as const;

export interface RollbackOutcome {
  readonly kind: (typeof rollbackOutcomes)[number];
  /** A sentence for people. */
  readonly text: string;
}

/** What `functions/channel/roll-back.ts` answers. */
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

/** That a channel went back, by whom, and in how many regions. */
export function sayRolledBack(
  { image, channel }: ChannelOf,
  { moved, build, previous, regions }: RolledBackAnswer,
  by: string,
): string {
  const count = Object.keys(regions).length;
  const where = `in ${count} region${count === 1 ? "" : "s"}`;
  if (!moved) return `${image} ${channel} points at ${buildVersion(build)} already, ${where}.`;
  const was = previous ? `, from ${buildVersion(previous)}` : "";
  return `${image} ${channel} was rolled back to ${buildVersion(build)} by ${by}${was}, ${where}.`;
}

/** Slack takes ten parts in a context block; these are enough to see what goes on. */
const MOST_LINES = 5;

/**
 * A message that offers a way back, with what came of it so far: the button stays until it was done, or cannot be.
 * @param outcomes of all who clicked, oldest first
 */
export function toRollbackBlocks(
  { blocks }: ClickedMessage,
  outcomes: readonly RollbackOutcome[],
  wayBack: SlackWayBack,
): Record<string, unknown>[] {
  // What it says, without what was put below it.
  const said = blocks.filter(({ type }) => type === "header" || type === "section");
  const lines = [...new Set(outcomes.map(({ text }) => text))].slice(-MOST_LINES);
  const isOpen = !outcomes.some(({ kind }) => kind === "done" || kind === "over");
  return [
    ...said.map((block) => ({ ...block })),
    ...(lines.length > 0 ? [toContext(lines)] : []),
    ...(isOpen ? [toWayBack(wayBack)] : []),
  ];
}
