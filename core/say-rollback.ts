import type { BuildArn } from "../events/ids.ts";
import { buildVersion } from "./build-arn.ts";
import type { ClickedMessage } from "./read-slack-rollback.ts";
import { type SlackWayBack, toContext, toWayBack } from "./slack-blocks.ts";

/** `done`; `over`: it cannot be done any more; `refused`: not for them; `failed`: not yet, it is tried again. */
export const rollbackOutcomes = ["done", "over", "refused", "failed"] as const;

export interface RollbackOutcome {
  readonly kind: (typeof rollbackOutcomes)[number];
  /** A sentence for people. */
  readonly text: string;
}

/** What `functions/roll-back.ts` answers. */
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
