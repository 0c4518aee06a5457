import { styleText } from "node:util";
import type { FactoryEvent } from "./boot-factory.ts";
import type { Outcome } from "./checks/happened.ts";
import type { HappeningKind, Impossible } from "./plan-story.ts";
import type { PublishedChannel } from "./read-back.ts";
import { buildTable, channelTable } from "./tables.ts";
import { dayAndTime } from "./timeline.ts";

export interface Summary {
  readonly factory: string;
  readonly days: number;
  readonly seed: number;
  readonly outcomes: readonly Outcome[];
  readonly impossible: readonly Impossible[];
  readonly channels: readonly PublishedChannel[];
  readonly checks: readonly { readonly check: string; readonly faults: readonly string[] }[];
  readonly notifications: { readonly sns: number; readonly slack: number };
  /** Real milliseconds. */
  readonly wallMs: number;
}

const words: Readonly<Record<HappeningKind, string>> = {
  "first-build": "first build",
  again: "build on request",
  "failing-component": "failing component",
  "rejected-gate": "rejected gate",
  "patch-night": "patch night",
  advisory: "advisory",
  "base-update": "base update",
  rollback: "rollback",
  revocation: "revocation",
};

/** What happened, what could not, what consumers have, and whether everything holds that must. */
export function drawTry(summary: Summary, events: readonly FactoryEvent[]): string[] {
  const { outcomes, impossible, channels, checks, notifications, days, wallMs } = summary;
  const counts = Map.groupBy(events, ({ detailType }) => detailType);
  return [
    "",
    "Every build, and why:",
    "",
    buildTable(events),
    "",
    "The story:",
    "",
    ...outcomes.map(drawOutcome),
    "",
    ...(impossible.length > 0
      ? ["Not possible, and why:", "", ...impossible.map(({ what, why }) => `  ${what}: ${why}`), ""]
      : []),
    "Read back through the SDK, AMIs and container images with each account's credentials:",
    "",
    channelTable(channels),
    "",
    "Events:",
    "",
    ...[...counts]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, some]) => `  ${name.padEnd(22)} ${some.length}`),
    "",
    ...checks.map(({ check, faults }) => `${sign(faults.length === 0)} ${check}`),
    "",
    `${notifications.sns} SNS and ${notifications.slack} Slack messages. ${days} days took ${(wallMs / 1000).toFixed(1)} s. Instances were simulated.`,
  ];
}

const sign = (holds: boolean): string => {
  const colour = holds ? "green" : "red";
  return styleText(colour, holds ? "holds " : "FAILED", { stream: process.stdout });
};

function drawOutcome({ happening: { kind, image, at }, shown, waits }: Outcome): string {
  const when = dayAndTime(new Date(at).toISOString());
  const came = shown ? `${shown.detailType} ${dayAndTime(shown.time)}` : waits ? `waits: ${waits}` : "nothing";
  return `  ${when}  ${words[kind].padEnd(18)} ${image.padEnd(20)} ${came}`;
}
