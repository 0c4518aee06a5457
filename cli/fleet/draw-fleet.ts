import type { Asked } from "../../adapters/fleet/fleet-reports.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { Ages, Fleet, FleetRow, Standing } from "../../core/fleet/list-fleet.ts";
import { cut } from "../../core/notice/foreign-text.ts";
import { styled } from "../command/print.ts";

type Names = ReadonlyMap<string, string>;

const WIDTH = 100;

const NAME = 20;

const MOST_NAMED = 4;

/** The fleet as text: accounts by builds of each image, deprecated or revoked builds in use, and the state of reports. */
export function drawFleet(fleet: Fleet, names: Names): string {
  const images = fleet.images.map(({ image, ages }) => drawImage(image, ages, fleet, names));
  const all = fleet.images.length > 1 && fleet.ages ? [`all images: ${sayAges(fleet.ages)}`] : [];
  const empty =
    fleet.images.length === 0
      ? ["no known usage: no AMI has been in a channel yet, and AWS does not report the usage of container images"]
      : [];
  return [...empty, ...images, ...all, ...drawUnwanted(fleet.rows), ...drawKnowledge(fleet)].join("\n\n");
}

function drawImage(image: string, ages: Ages | undefined, { rows }: Fleet, names: Names): string {
  const own = rows.filter((row) => row.image === image);
  if (own.length === 0) return `${bold(image)}  no known usage`;
  const builds = [...Map.groupBy(own, ({ build }) => build).values()].flatMap((some) => drawBuild(some, names));
  return [`${bold(image)}  ${ages ? sayAges(ages) : "no instances"}`, ...builds].join("\n");
}

/** One build, and a line for each account that uses it. */
function drawBuild(rows: readonly FleetRow[], names: Names): string[] {
  const [first] = rows;
  if (!first) return [];
  const age = Math.max(...rows.map(({ ageDays }) => ageDays));
  const flags = sayFlags(rows);
  return [
    `  ${buildVersion(first.build)}  ${age}d old, ${sayStanding(first.standing)}${flags && `, ${warn(flags)}`}`,
    ...rows.map((row) => {
      const where = row.regions.map(({ region }) => region);
      const places = where.length > MOST_NAMED ? `${where.length} regions` : where.join(", ");
      return `    ${row.account}  ${shorten(names.get(row.account) ?? "", NAME)}  ${sayUse(row)}  ${dim(places)}`;
    }),
  ];
}

const sayUse = ({ instances, launchTemplates }: FleetRow): string =>
  [
    ...(instances > 0 ? [count(instances, "instance")] : []),
    ...(launchTemplates > 0 ? [count(launchTemplates, "launch template")] : []),
  ].join(", ");

/** A build can be deprecated in some regions only. */
const sayFlags = (rows: readonly FleetRow[]): string =>
  [
    ...(rows.some(({ revoked }) => revoked) ? ["REVOKED"] : []),
    ...(rows.some(({ deprecated }) => deprecated) ? ["deprecated"] : []),
  ].join(", ");

/** `5 instances, age p50 4d, p90 6d, oldest 6d` */
const sayAges = ({ instances, p50, p90, p100 }: Ages): string =>
  `${count(instances, "instance")}, age p50 ${p50}d, p90 ${p90}d, oldest ${p100}d`;

/** Deprecated or revoked builds in use: one line per build, with the number of accounts and their usage. */
function drawUnwanted(rows: readonly FleetRow[]): string[] {
  const unwanted = rows.filter(({ revoked, deprecated }) => revoked || deprecated);
  if (unwanted.length === 0) return [];
  const lines = [...Map.groupBy(unwanted, ({ build }) => build).values()].flatMap((some) => {
    const [first] = some;
    if (!first) return [];
    const sum = (of: (row: FleetRow) => number) => some.reduce((all, row) => all + of(row), 0);
    const has = sayUse({
      ...first,
      instances: sum(({ instances }) => instances),
      launchTemplates: sum(({ launchTemplates }) => launchTemplates),
    });
    const name = `${first.image} ${buildVersion(first.build)}`;
    return [`  ${name}  ${warn(sayFlags(some))}: ${has} in ${count(some.length, "account")}`];
  });
  return [[bold("Still in use, though deprecated or revoked"), ...lines].join("\n")];
}

function drawKnowledge({ regions, unknown, older, pending }: Fleet): string[] {
  if (regions.length === 0) return [];
  const lines = regions.flatMap(({ region, asOf, reported }) => {
    const known = asOf
      ? `${count(reported, "build")} as of ${asOf.oldest === asOf.newest ? moment(asOf.newest) : `${moment(asOf.oldest)} to ${moment(asOf.newest)}`}`
      : "no report yet";
    const coming = pending.filter((one) => one.region === region).length;
    const said = (what: string, some: Fleet["unknown"]) =>
      [
        ...Map.groupBy(
          some.filter((one) => one.region === region),
          ({ why }) => why,
        ),
      ].flatMap(([why, ones]) => wrap(`    ${what} ${named(ones)}: ${why}`).map(warn));
    return [
      `  ${region}  ${known}${coming > 0 ? `; newer reports on ${coming} pending` : ""}`,
      ...said("no report on", unknown),
      ...said("no newer report on", older),
    ];
  });
  const lag = "  Reports may miss the last day's instances, and launch templates of the past few days.";
  const never = unknown.length > 0 ? ["  `amint fleet --ask` requests reports from EC2; they take hours."] : [];
  return [[bold("What EC2 reported"), ...lines, dim(lag), ...never.map(dim)].join("\n")];
}

const named = (some: Fleet["unknown"]): string => {
  const builds = some.map(({ image, build }) => `${image} ${buildVersion(build)}`);
  const more = builds.length - MOST_NAMED;
  return more > 0 ? `${builds.slice(0, MOST_NAMED).join(", ")} and ${more} more` : builds.join(", ");
};

/** The result of `--ask` as text. */
export function sayAsked({ count: asked, spared, refused }: Asked): string {
  const kept = spared > 0 ? `; ${spared} have one from the last day, or one in preparation` : "";
  const lines = [
    `Requested EC2 usage reports on ${count(asked, "AMI")}${kept}`,
    ...refused.flatMap(({ build, region, why }) =>
      wrap(`  NOT REQUESTED: ${buildVersion(build)} in ${region}: ${why}`),
    ),
    ...(asked > 0 ? ["Reports take hours, longer with more accounts; `amint fleet` shows finished reports."] : []),
  ];
  return lines.join("\n");
}

/** Wraps at WIDTH columns and indents further lines. */
export function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/(?<=\S) /)) {
    if (line && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = `      ${word}`;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...lines, line];
}

const shorten = (text: string, width: number): string => cut(text, width).padEnd(width);

const count = (number: number, what: string): string => `${number} ${what}${number === 1 ? "" : "s"}`;

const moment = (at: string): string => `${at.slice(0, 16).replace("T", " ")} UTC`;

const bold = (text: string): string => styled("bold", text);

const dim = (text: string): string => styled("dim", text);

const warn = (text: string): string => styled("yellow", text);

/** A build's position relative to its image's channels: `in stable`, `2 builds, 28d behind stable`. */
export function sayStanding(standing: Standing): string {
  switch (standing.kind) {
    case "in":
      return `in ${standing.channels.join(", ")}`;
    case "behind": {
      const { builds, days, channel } = standing;
      return `${builds} ${builds === 1 ? "build" : "builds"}, ${days}d behind ${channel}`;
    }
    case "ahead":
      return `ahead of ${standing.channel}`;
    case "none":
      return "no channel points at a build";
  }
}
