import { toPatched } from "../../core/rollout/patched.ts";
import { accountNames, followingList, sharingList, wayBackList } from "../../demo/lists.ts";
import type { LivedMonth } from "../../demo/run-month.ts";
import { days, endOf } from "../../demo/story.ts";
import { versionOf } from "../../local/checks/story-report.ts";
import { drawDecisions } from "../retirement/draw-decisions.ts";
import { drawPatched } from "../rollout/draw-patched.ts";
import { drawChannels } from "./closing.ts";
import { drawEvent } from "./event-line.ts";
import { drawTable, heading, paragraph } from "./layout.ts";
import { buildTable, channelTable, shareTable, unstartedList } from "./tables.ts";

type Found = Pick<LivedMonth, "report" | "later">;

export interface Length {
  readonly months: number;
  /** Real milliseconds. */
  readonly wallMs: number;
}

/** The channels at the end, and with several months what becomes of each build. */
export const drawMonth = ({ report, later }: Found, { months }: Length): string[] => [
  ...(later ? retirementTable(later) : []),
  ...drawChannels(later?.channels ?? report.channels, later?.events ?? report.events, endOf(months)),
];

/** All tables of the month, as `--verbose` prints them: as wide as they are. */
export const drawMonthTables = ({ report, later }: Found): string[] => {
  const { events, channels, following } = report;
  return [
    ...section("Builds and their triggers", buildTable(events)),
    ...section("Ignored triggers", unstartedList(events)),
    ...section(
      "An account that joined, and a key policy that blocked a promotion until it was fixed",
      ...sharingList(report),
    ),
    ...section("A rollback and a revocation, as consumers see them", ...wayBackList(report)),
    ...section(
      "Groups that follow al2023-base stable, and how soon advisories were fixed on their instances",
      ...[
        ...followingList(report),
        "",
        "$ amint patched",
        "",
        drawPatched(following.clocks.map((clock, nth) => ({ clock, urgent: following.urgent[nth] }))),
      ],
    ),
    ...section(
      "AMIs and container images, read back through the SDK with each consumer account's credentials",
      ...[channelTable(channels), "", shareTable(channels, events, accountNames(report))],
    ),
    ...(later ? section("Old builds in the months after", ...retirementList(later)) : []),
    "",
  ];
};

const section = (title: string, ...lines: readonly string[]): string[] => ["", `${title}:`, "", ...lines];

/** When builds were disabled and deregistered, and what `amint retire --plan` prints at the end. */
const retirementList = ({ events, decisions }: NonNullable<LivedMonth["later"]>): string[] => [
  ...events.filter(({ detailType }) => detailType === "build.retired").map(drawEvent),
  "",
  "$ amint retire --plan",
  "",
  drawDecisions(decisions),
];

/** What becomes of each build that still exists, in the width of the story. */
const retirementTable = ({ decisions }: NonNullable<LivedMonth["later"]>): string[] => [
  "",
  ...heading("What becomes of old builds"),
  ...paragraph(
    "`npx amint retire --plan` prints this for a deployed factory: a build stays as long as a reason holds.",
  ),
  "",
  ...drawTable(
    ["image", "build", "decision", "because"],
    decisions
      .filter(({ does }) => does !== "gone")
      .map(({ image, build, does, reasons }) => [image, versionOf(build), does, reasons.join("; ")]),
  ),
];

/** The month for programs. */
export const monthJson = ({ report, later }: Found, { months, wallMs }: Length) => ({
  type: "summary",
  images: report.channels,
  patched: report.following.clocks.map(toPatched),
  notifications: { sns: report.heard.length, slack: report.slack },
  ...(later && { decisions: later.decisions, later: later.channels }),
  days: days * months,
  wallMs,
});

export const drawLength = ({ report, later }: Found, { months, wallMs }: Length): string[] => [
  "",
  ...paragraph(
    `${report.heard.length} SNS and ${report.slack} Slack messages${later ? ` in the first ${days} days` : ""}. ${days * months} days took ${(wallMs / 1000).toFixed(1)} s.`,
  ),
];
