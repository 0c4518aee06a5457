import * as z from "zod";
import { buildArn, channelName, imageName } from "../../events/ids.ts";
import { buildVersion } from "../build/build-arn.ts";
import { STEERING } from "../notice/slack-blocks.ts";
import { type ClickedMessage, readButton } from "../notice/slack-click.ts";
import type { ClickedBy } from "../notice/slack-request.ts";
import { rolloutStates } from "./records.ts";

const halt = z.object({ build: buildArn, rollout: z.string().min(1).max(100), halted: z.iso.datetime() });
const offer = halt.extend({ image: imageName, channel: channelName });

/** A request to resume or roll back a halted roll-out, with the halt that the user saw. */
export const steering = halt.extend({ action: z.enum(["resume", "back"]) });
export type Steering = z.output<typeof steering>;

/** A click on "Resume" or "Roll back". */
export interface SlackSteering extends ClickedBy {
  readonly image: string;
  readonly channel: string;
  readonly steer: Steering;
  readonly message: ClickedMessage;
}

/** @returns undefined for every other interaction */
export function readSlackSteering(body: string): SlackSteering | undefined {
  const click = readButton(new URLSearchParams(body), Object.keys(STEERING), offer);
  if (!click) return undefined;
  const { action, offered, ...who } = click;
  const { image, channel, ...seen } = offered;
  return { image, channel, steer: { ...seen, action: STEERING[action as keyof typeof STEERING] }, ...who };
}

/** The result of `steer-roll-out`. */
export const steered = z.object({
  rollout: z.string(),
  build: buildArn,
  state: z.enum(rolloutStates),
  /** Whether it was in this state before. */
  already: z.boolean(),
});

/** The error of `steer-roll-out` that is final: a retry would fail in the same way. */
export const NOT_STEERED = "NotSteered";

interface Of {
  readonly image: string;
  readonly channel: string;
  readonly steer: Pick<Steering, "action" | "build">;
}

const rolloutOf = ({ image, channel, steer }: Of): string =>
  `The ${channel} roll-out of ${image} ${buildVersion(steer.build)}`;

const done: Readonly<Record<Steering["action"], string>> = { resume: "was resumed", back: "is being rolled back" };
const denied: Readonly<Record<Steering["action"], string>> = { resume: "was not resumed", back: "was not rolled back" };

/** The reply to a request that was carried out. */
export const saySteered = (of: Of, by: string): string => `${rolloutOf(of)} ${done[of.steer.action]} by ${by}.`;

export const sayNotSteered = (of: Of, by: string, why: string): string =>
  `${rolloutOf(of)} ${denied[of.steer.action]} for ${by}: ${why}`;

/** EventBridge rounds an event's time to whole seconds. */
const ROUNDED_MS = 1_000;

/** Whether a roll-out has halted again since the halt that the user saw. */
export const haltedSince = (
  { halted }: Pick<Steering, "halted">,
  record: { readonly state: string; readonly changedAt: string },
): boolean => record.state === "halted" && Date.parse(record.changedAt) >= Date.parse(halted) + ROUNDED_MS;
