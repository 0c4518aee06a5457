import { toShellWord } from "../../core/notice/foreign-text.ts";
import type { FactoryEvent } from "../../local/boot/boot-factory.ts";
import type { Outcome } from "../../local/checks/story-outcomes.ts";
import type { PublishedChannel } from "../../local/consumers/read-back.ts";
import type { Impossible, StoryEventKind } from "../../local/story/plan-story.ts";
import { dayAndTime } from "../../local/story/timeline.ts";
import { styled } from "../command/print.ts";
import { drawChannels, type NextStep } from "./closing.ts";
import { heading, paragraph } from "./layout.ts";
import { buildTable, channelTable } from "./tables.ts";

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

interface Found {
  readonly summary: Summary;
  readonly events: readonly FactoryEvent[];
  /** When the story ends, in milliseconds since the epoch. */
  readonly end: number;
}

const words: Readonly<Record<StoryEventKind, string>> = {
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

/** What waits, what was not possible, what consumers have, and whether all checks hold. */
export function drawTry({ summary, events, end }: Found): string[] {
  const { outcomes, impossible, channels } = summary;
  const waiting = outcomes.flatMap(({ planned: { kind, image }, shown, waits }) =>
    !shown && waits ? [`${words[kind]} of ${image}: ${waits}`] : [],
  );
  return [
    ...list("What still waits", waiting),
    ...list(
      "Not possible with this config and these days",
      impossible.map(({ what, why }) => `${what}: ${why}`),
    ),
    ...drawChannels(channels, events, end),
    "",
    ...drawChecks(summary),
  ];
}

const list = (title: string, items: readonly string[]): string[] =>
  items.length === 0 ? [] : ["", ...heading(title), ...items.flatMap((item) => paragraph(item, "    ", "  "))];

/** The same with all tables in full width. */
export function drawTryTables({ summary, events }: Found): string[] {
  const { outcomes, impossible, channels } = summary;
  const counts = Map.groupBy(events, ({ detailType }) => detailType);
  return [
    "",
    "Builds and their triggers:",
    "",
    buildTable(events),
    "",
    "The story:",
    "",
    ...outcomes.map(drawOutcome),
    "",
    ...(impossible.length > 0
      ? ["Not possible, with the reason:", "", ...impossible.map(({ what, why }) => `  ${what}: ${why}`), ""]
      : []),
    "AMIs and container images, read back through the SDK with each account's credentials:",
    "",
    channelTable(channels),
    "",
    "Events:",
    "",
    ...[...counts]
      .toSorted(([a], [b]) => a.localeCompare(b))
      .map(([name, some]) => `  ${name.padEnd(22)} ${some.length}`),
    "",
    ...drawChecks(summary),
  ];
}

const drawChecks = ({ checks, notifications, days, wallMs }: Summary): string[] => [
  ...checks.flatMap(({ check, faults }) => {
    const sign = (faults.length === 0 ? "holds" : "FAILED").padEnd(SIGN);
    const [first = "", ...more] = paragraph(check, " ".repeat(SIGN), sign);
    return [`${styled(faults.length === 0 ? "green" : "red", sign)}${first.slice(SIGN)}`, ...more];
  }),
  "",
  ...paragraph(
    `${notifications.sns} SNS and ${notifications.slack} Slack messages. ${days} days took ${(wallMs / 1000).toFixed(1)} s.`,
  ),
];

const SIGN = "FAILED  ".length;

function drawOutcome({ planned: { kind, image, at }, shown, waits }: Outcome): string {
  const when = dayAndTime(at);
  const result = shown ? `${shown.detailType} ${dayAndTime(shown.time)}` : waits ? `waits: ${waits}` : "nothing";
  return `  ${when}  ${words[kind].padEnd(18)} ${image.padEnd(20)} ${result}`;
}

/** @param config as the operator named it */
export function nextAfterTry(seed: number, config?: string): NextStep[] {
  const option = config === undefined ? "" : ` --config ${toShellWord(config)}`;
  return [
    { run: `npx amint try${option} --verbose`, what: "every event on a line, and all tables" },
    { run: `npx amint try${option} --seed ${seed + 1}`, what: "another story for the same factory" },
    { run: `npx amint validate${option}`, what: "with credentials, what the account lacks for a deployment" },
  ];
}
