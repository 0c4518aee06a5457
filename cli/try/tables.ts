import type { FactoryEvent } from "../../local/boot/boot-factory.ts";
import { proofsOf } from "../../local/checks/story-report.ts";
import type { PublishedChannel } from "../../local/consumers/read-back.ts";
import { dayAndTime } from "../../local/story/timeline.ts";
import { styled } from "../command/print.ts";
import { shortId, why } from "./event-line.ts";

/** How a build can end, beside the channels that it entered. */
const ends: Readonly<Record<string, string>> = {
  "build.failed": "failed",
  "build.cancelled": "cancelled",
  "gate.rejected": "rejected",
  "approval.denied": "denied",
  "approval.expired": "not approved",
  "promotion.failed": "not promoted",
  "promotion.superseded": "superseded",
  "build.revoked": "revoked",
};

/** Every build with its result, and one line for each of its triggers. */
export function buildTable(events: readonly FactoryEvent[]): string {
  const started = events.filter(({ detailType }) => detailType === "build.started");
  const lines = started.flatMap(({ time, detail }) => {
    const build = String(detail.build);
    const version = build.split("/").slice(2).join("/");
    const head = [dayAndTime(time), String(detail.image).padEnd(17), version.padEnd(18)];
    const came = outcomeOf(build, events).padEnd(22);
    return why(detail).map((reason, n) => {
      const indent = "".padEnd([...head, came].join("  ").length);
      return n === 0 ? `${[...head, came].join("  ")}  ${reason}` : `${indent}  ${reason}`;
    });
  });
  const heading = ["started".padEnd(16), "image".padEnd(17), "build".padEnd(18), "result".padEnd(22), "because"];
  return [styled("bold", heading.join("  ")), ...lines].join("\n");
}

/** `stable`, the last channel that a build entered; with the reason where it went no further: `candidate, superseded`. */
function outcomeOf(build: string, events: readonly FactoryEvent[]): string {
  const about = events.filter(({ detail }) => detail.build === build);
  // A promotion enters the channels in their order; a rollback comes back to an earlier one.
  const entered = [
    ...new Set(about.flatMap(({ detailType, detail }) => (detailType === "channel.moved" ? [detail.channel] : []))),
  ];
  const end = about.findLast(({ detailType }) => detailType in ends);
  return [entered.at(-1), ends[end?.detailType ?? ""]].filter(Boolean).join(", ") || "under way";
}

/** Ignored triggers with the reason, one line for each event. */
export function unstartedList(events: readonly FactoryEvent[]): string {
  const ignored = events.filter(
    ({ detailType, detail }) => detailType === "trigger.suppressed" && detail.decision === "never",
  );
  return ignored
    .flatMap(({ time, detail }) =>
      why(detail).map((one) => `${dayAndTime(time)}  ${String(detail.image).padEnd(17)}  ${one}: ${detail.reason}`),
    )
    .join("\n");
}

const headings = ["image", "channel", "build", "region", "AMI or digest", "launchable by", "parameter"];

/** One line for each channel and region, as consumers see it. */
export function channelTable(channels: readonly PublishedChannel[]): string {
  const rows = channels.flatMap(({ image, channel, build, amis, launchableBy, parameters }) =>
    Object.entries(amis).map(([region, ami], line) => [
      line === 0 ? image : "",
      line === 0 ? channel : "",
      line === 0 ? build : "",
      region,
      shortId(ami),
      line === 0 ? `${launchableBy.length} accounts` : "",
      parameters[region] ?? "",
    ]),
  );
  const [head = "", ...lines] = aligned([headings, ...rows]);
  return [styled("bold", head), ...lines].join("\n");
}

/** Rows as lines of columns, two spaces apart. @param above a row that widens no column; `least`: of a column */
function aligned(rows: readonly Row[], above: readonly Row[] = [], least = (_column: number): number => 0): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(least(column), ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return [...above, ...rows].map((row) =>
    row
      .map((cell = "", column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

type Row = readonly (string | undefined)[];

const signs = { launched: "●", tried: "◐", open: "○", closed: "·" } as const;

/** Accounts by channels, with a sign for each region. */
export function shareTable(
  channels: readonly PublishedChannel[],
  events: readonly FactoryEvent[],
  names: Readonly<Record<string, string>>,
): string {
  const regions = [...new Set(channels.flatMap(({ amis }) => Object.keys(amis)))];
  const columns = channels.map((one) => ({
    heading: [one.image, one.channel],
    signOf: (account: string) => regions.map((region) => signIn(one, region, account, events)).join(" "),
  }));
  const accounts = Object.keys(names).filter((id) => channels.some(({ reach }) => (reach[id] ?? []).length > 0));
  const rows = accounts.map((id) => [names[id] ?? id, id, ...columns.map(({ signOf }) => signOf(id))]);
  const heads = [0, 1].map((nth) => [
    nth === 1 ? "account" : "",
    nth === 1 ? "id" : "",
    ...columns.map(({ heading }, at) => (nth === 0 && heading[0] === columns[at - 1]?.heading[0] ? "" : heading[nth])),
  ]);
  const [above = [], head = []] = heads;
  const [first = "", second = "", ...lines] = aligned([head, ...rows], [above], (column) => (column < 2 ? 0 : 10));
  const legend =
    `For each of ${regions.join(", ")}: ${signs.launched} an instance ran, ${signs.tried} launch and KMS dry run, or a pull, passed, ` +
    `${signs.open} shared, ${signs.closed} not shared`;
  return [styled("bold", first), styled("bold", second), ...lines, legend].join("\n");
}

function signIn(
  { channel, amis, reach }: PublishedChannel,
  region: string,
  account: string,
  events: readonly FactoryEvent[],
): string {
  const ami = amis[region];
  if (!ami || !reach[account]?.includes(region)) return signs.closed;
  const proof = proofsOf(events, { channel, ami }).get(account);
  if (proof === "launched") return signs.launched;
  return proof ? signs.tried : signs.open;
}
