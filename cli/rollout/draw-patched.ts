import { sayUrgency } from "../../core/advisories/urgency.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { Clock } from "../../core/rollout/clock.ts";
import { inWords, type OpenAccount } from "../../core/rollout/patched.ts";
import type { Urgency } from "../../events/gate.ts";
import { styled } from "../command/print.ts";

interface Drawn {
  readonly clock: Clock;
  /** Why the fix takes the urgent pace. */
  readonly urgent?: Urgency | undefined;
  readonly accounts?: readonly OpenAccount[];
}

const HEAD = ["image", "channel", "advisory", "CVEs", "published", "seen (UTC)", "build", "built", "promoted"];
const PARTS = ["50 %", "90 %", "100 %", "open"];

/** A line for each advisory and channel; below it why it is urgent, and the accounts that are not fully patched. */
export function drawPatched(found: readonly Drawn[]): string {
  if (found.length === 0) return "no advisory was found in instances that follow a channel with roll-outs";
  const rows = [[...HEAD, ...PARTS], ...found.map(({ clock }) => cellsOf(clock))];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const [head = "", ...lines] = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
  const body = lines.flatMap((line, nth) => {
    const { urgent, accounts = [] } = found[nth] ?? {};
    return [line, ...(urgent ? [`    urgent: ${sayUrgency(urgent)}`] : []), ...accounts.map(drawAccount)];
  });
  return [styled("bold", head), ...body, "", ...NOTES].join("\n");
}

const NOTES = [
  "Times are since the advisory was seen. `-5m`: up to five minutes less, the time since the count before.",
  "docs/patched.md explains what is counted.",
];

function cellsOf(clock: Clock): string[] {
  const { image, channel, advisory, cves, publishedAt, seenAt, fix, totals, milestones } = clock;
  const [first = "none", ...more] = cves;
  const since = (at: string | undefined): string =>
    at === undefined ? "not yet" : `+${inWords((Date.parse(at) - Date.parse(seenAt)) / 1000)}`;
  const reached = (percent: 50 | 90 | 100): string => {
    const found = milestones[`p${percent}`];
    return found ? `${inWords(found.seconds)} -${inWords(found.within)}` : "open";
  };
  return [
    image,
    channel,
    advisory,
    more.length > 0 ? `${first} +${more.length}` : first,
    publishedAt?.slice(0, 10) ?? "unknown",
    seenAt.slice(0, 16).replace("T", " "),
    fix ? buildVersion(fix.build) : "not yet",
    since(fix?.builtAt),
    since(fix?.sharedAt),
    reached(50),
    reached(90),
    reached(100),
    totals ? sayOpen(totals) : "not checked yet",
  ];
}

/** `3 of 40`, with the instances and accounts that these numbers do not include. */
function sayOpen({ population, left, fresh, unknown, refused }: NonNullable<Clock["totals"]>): string {
  return [
    `${left} of ${population}`,
    ...(fresh > 0 ? [`${fresh} launched since`] : []),
    ...(unknown + refused > 0
      ? [`NOT KNOWN in ${unknown + refused} account${unknown + refused === 1 ? "" : "s"}`]
      : []),
  ].join(", ");
}

function drawAccount({ account, left, launchedSince, why }: OpenAccount): string {
  const known =
    left === undefined ? "NOT KNOWN" : `${left} open${launchedSince > 0 ? `, ${launchedSince} launched since` : ""}`;
  return `    ${account}  ${known}${why === undefined ? "" : `: ${why}`}`;
}
