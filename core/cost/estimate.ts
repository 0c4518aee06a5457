import { type CostLine, counted, type Part, sumOf, toLines, withoutPrice } from "./cost-lines.ts";
import { daysPassed, type Month, within } from "./month.ts";
import type { PriceTable } from "./price-table.ts";
import type { BuildUsage, FreedStorage, StoredAmi, StoredContainer, Usage } from "./usage.ts";

/** The estimated cost of a month, in the currency of a price table; not a bill. */
export interface Estimate {
  readonly estimate: true;
  readonly month: string;
  /** `30 of 30`; in the current month, the days so far. */
  readonly days: string;
  readonly prices: Pick<PriceTable, "source" | "date" | "currency">;
  readonly lines: readonly CostLine[];
  readonly total: number;
  /** The monthly cost of the storage that a retirement plan would free; absent without a plan. */
  readonly saves?: { readonly lines: readonly CostLine[]; readonly total: number };
  /** What the sum does not include, and why. */
  readonly notCounted: readonly string[];
}

interface Asked {
  readonly month: Month;
  readonly now: Date;
  readonly buildRegion: string;
  readonly prices: PriceTable;
  readonly usage: Usage;
  readonly freed?: readonly FreedStorage[];
}

const MINUTE = 60_000;

/** Billed per second, with a minimum of one minute (EC2 user guide, "On-Demand Instances"). */
const LEAST_MS = MINUTE;

/** Estimates the cost of a month's usage. Items without a price are not in the sum and are listed in `notCounted`. */
export function estimateCost({ month, now, buildRegion, prices, usage, freed }: Asked): Estimate {
  const at = now.getTime();
  const parts = [
    ...usage.builds.flatMap((build) => partsOfBuild(build, month, at, buildRegion)),
    ...usage.amis.flatMap((ami) => partsOfAmi(ami, month, at, buildRegion)),
    ...(usage.containers ?? []).flatMap((one) => partsOfContainer(one, month, at, buildRegion)),
    ...partsOfServices(usage, buildRegion),
  ];
  const lines = toLines(parts, prices);
  const saving = freed?.map(({ image, region, gib }) => storage("snapshots", { image, region }, gib));
  const saved = saving && toLines(saving, prices);
  return {
    estimate: true,
    month: month.name,
    days: daysPassed(month, at),
    prices: { source: prices.source, date: prices.date, currency: prices.currency },
    lines,
    total: sumOf(lines),
    ...(saved && { saves: { lines: saved, total: sumOf(saved) } }),
    notCounted: [...withoutPrice([...parts, ...(saving ?? [])], prices), ...usage.notCounted],
  };
}

function partsOfBuild({ image, instances, volumeGiB }: BuildUsage, month: Month, now: number, region: string): Part[] {
  const [of = "an instance of an unknown type"] = instances?.types ?? [];
  return (instances?.runs ?? []).flatMap(({ workflow, from, to }): Part[] => {
    const start = Date.parse(from);
    const ms = within(month, now, start, Math.max(Date.parse(to), start + LEAST_MS));
    if (ms === 0) return [];
    const share = ms / (month.end - month.start);
    return [
      { kind: `${workflow}-instance`, image, region, quantity: ms / (60 * MINUTE), of },
      ...(volumeGiB === undefined ? [] : [storage("volume", { image, region }, volumeGiB * share)]),
    ];
  });
}

function partsOfAmi({ image, region, createdAt, gib }: StoredAmi, month: Month, now: number, from: string): Part[] {
  const created = Date.parse(createdAt);
  const share = within(month, now, created) / (month.end - month.start);
  if (gib === undefined || share === 0) return [];
  const stored = storage("snapshots", { image, region }, gib * share);
  return region === from || created < month.start ? [stored] : [stored, copy({ image, region }, gib, from)];
}

function partsOfContainer(
  { image, region, pushedAt, gib, copied }: StoredContainer,
  month: Month,
  now: number,
  from: string,
): Part[] {
  const pushed = Date.parse(pushedAt);
  const share = within(month, now, pushed) / (month.end - month.start);
  if (share === 0) return [];
  const stored = storage("repositories", { image, region }, gib * share);
  return copied && pushed >= month.start ? [stored, copy({ image, region }, gib, from)] : [stored];
}

type At = Pick<Part, "image" | "region">;

/** The transfer from the build region to another one. */
const copy = (at: At, quantity: number, of: string): Part => ({ kind: "copies", ...at, quantity, of });

const storage = (kind: "volume" | "snapshots" | "repositories", at: At, quantity: number): Part => ({
  kind,
  ...at,
  quantity,
});

const partsOfServices = ({ transitions, lambda, dynamodb }: Usage, region: string): Part[] =>
  [
    ...Object.entries(transitions ?? {}).map(([image, count]) => ({ ...counted("transitions", region, count), image })),
    ...(lambda ?? []).flatMap(({ architecture, invocations, gbSeconds }) => [
      counted("lambda-requests", region, invocations),
      counted("lambda-compute", region, gbSeconds, architecture),
    ]),
    ...(dynamodb
      ? [counted("dynamodb-reads", region, dynamodb.reads), counted("dynamodb-writes", region, dynamodb.writes)]
      : []),
  ].filter(({ quantity }) => quantity > 0);
