import { daysPassed, type Month, within } from "./month.ts";
import type { PriceTable, RegionPrices } from "./price-table.ts";
import type { BuildUsage, FreedStorage, StoredAmi, StoredContainer, Usage } from "./usage.ts";

const kinds = [
  "build-instance",
  "test-instance",
  "volume",
  "snapshots",
  "repositories",
  "copies",
  "transitions",
  "lambda-requests",
  "lambda-compute",
  "dynamodb-reads",
  "dynamodb-writes",
] as const;

export type CostKind = (typeof kinds)[number];

/** One item of an estimate. */
export interface CostLine {
  readonly kind: CostKind;
  /** Absent if it cannot be attributed to an image. */
  readonly image?: string;
  readonly region: string;
  readonly quantity: number;
  /** What `quantity` counts and `price` is for. */
  readonly unit: string;
  readonly price: number;
  readonly amount: number;
}

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

type Part = Omit<CostLine, "price" | "amount" | "image"> & {
  readonly image?: string | undefined;
  readonly price: number | undefined;
  /** Its name if it has no price. */
  readonly what: string;
};

const MINUTE = 60_000;

/** Billed per second, with a minimum of one minute (EC2 user guide, "On-Demand Instances"). */
const LEAST_MS = MINUTE;

/** Estimates the cost of a month's usage. Items without a price are not in the sum and are listed in `notCounted`. */
export function estimateCost({ month, now, buildRegion, prices, usage, freed }: Asked): Estimate {
  const at = now.getTime();
  const home = prices.regions[buildRegion];
  const parts = [
    ...usage.builds.flatMap((build) => partsOfBuild(build, month, at, buildRegion, home)),
    ...usage.amis.flatMap((ami) => partsOfAmi(ami, month, at, buildRegion, prices)),
    ...(usage.containers ?? []).flatMap((one) => partsOfContainer(one, month, at, buildRegion, prices)),
    ...partsOfServices(usage, buildRegion, home),
  ];
  const lines = addUp(parts);
  const saving = freed?.map((one) => storage(one.image, one.region, one.gib, prices));
  const saved = saving && addUp(saving);
  return {
    estimate: true,
    month: month.name,
    days: daysPassed(month, at),
    prices: { source: prices.source, date: prices.date, currency: prices.currency },
    lines,
    total: sum(lines),
    ...(saved && { saves: { lines: saved, total: sum(saved) } }),
    notCounted: [...withoutPrice([...parts, ...(saving ?? [])]), ...usage.notCounted],
  };
}

function partsOfBuild(
  { image, instances, volumeGiB }: BuildUsage,
  month: Month,
  now: number,
  region: string,
  prices: RegionPrices | undefined,
): Part[] {
  const [type = "an instance of an unknown type"] = instances?.types ?? [];
  return (instances?.runs ?? []).flatMap(({ workflow, from, to }): Part[] => {
    const start = Date.parse(from);
    const ms = within(month, now, start, Math.max(Date.parse(to), start + LEAST_MS));
    const hours = ms / (60 * MINUTE);
    if (hours === 0) return [];
    const kind = `${workflow}-instance` as const;
    const gibMonths = ((volumeGiB ?? 0) * ms) / (month.end - month.start);
    return [
      { kind, image, region, quantity: hours, unit: `hour of ${type}`, price: prices?.instanceHour[type], what: type },
      ...(volumeGiB === undefined
        ? []
        : [
            {
              kind: "volume",
              image,
              region,
              quantity: gibMonths,
              unit: GIB_MONTH,
              price: prices?.gp3GiBMonth,
              what: "gp3 volumes",
            } as const,
          ]),
    ];
  });
}

const GIB_MONTH = "GiB-month";

function partsOfAmi(
  { image, region, createdAt, gib }: StoredAmi,
  month: Month,
  now: number,
  from: string,
  prices: PriceTable,
): Part[] {
  const created = Date.parse(createdAt);
  const share = within(month, now, created) / (month.end - month.start);
  if (gib === undefined || share === 0) return [];
  const stored = storage(image, region, gib * share, prices);
  return region === from || created < month.start ? [stored] : [stored, copy({ image, region, gib }, from, prices)];
}

function partsOfContainer(
  { image, region, pushedAt, gib, copied }: StoredContainer,
  month: Month,
  now: number,
  from: string,
  prices: PriceTable,
): Part[] {
  const pushed = Date.parse(pushedAt);
  const share = within(month, now, pushed) / (month.end - month.start);
  if (share === 0) return [];
  const stored: Part = {
    kind: "repositories",
    image,
    region,
    quantity: gib * share,
    unit: GIB_MONTH,
    price: prices.regions[region]?.ecrGiBMonth,
    what: "container images",
  };
  return copied && pushed >= month.start ? [stored, copy({ image, region, gib }, from, prices)] : [stored];
}

/** The transfer from the build region to another one. */
function copy(
  { image, region, gib }: Pick<StoredAmi, "image" | "region"> & { readonly gib: number },
  from: string,
  prices: PriceTable,
): Part {
  const to = prices.regions[from]?.copyGiBTo;
  const price = to?.[region] ?? to?.["*"];
  return { kind: "copies", image, region, quantity: gib, unit: "GiB copied", price, what: `copies from ${from}` };
}

const storage = (image: string | undefined, region: string, quantity: number, prices: PriceTable): Part => ({
  kind: "snapshots",
  image,
  region,
  quantity,
  unit: GIB_MONTH,
  price: prices.regions[region]?.snapshotGiBMonth,
  what: "snapshots",
});

function partsOfServices(
  { transitions, lambda, dynamodb }: Usage,
  region: string,
  prices: RegionPrices | undefined,
): Part[] {
  const part = (
    kind: CostKind,
    quantity: number,
    unit: string,
    price: number | undefined,
    what: string,
    image?: string,
  ) => ({
    kind,
    image,
    region,
    quantity,
    unit,
    price,
    what,
  });
  return [
    ...Object.entries(transitions ?? {}).map(([image, count]) =>
      part(
        "transitions",
        count / 1000,
        "1,000 state transitions",
        prices?.thousandTransitions,
        "state transitions",
        image,
      ),
    ),
    ...(lambda ?? []).flatMap(({ architecture, invocations, gbSeconds }) => [
      part(
        "lambda-requests",
        invocations / 1e6,
        "1,000,000 requests",
        prices?.lambda?.millionRequests,
        "Lambda's requests",
      ),
      part(
        "lambda-compute",
        gbSeconds,
        `GB-seconds on ${architecture}`,
        prices?.lambda?.gbSecond[architecture],
        `Lambda on ${architecture}`,
      ),
    ]),
    ...(dynamodb
      ? [
          part(
            "dynamodb-reads",
            dynamodb.reads / 1e6,
            "1,000,000 read request units",
            prices?.dynamodb?.millionReads,
            "DynamoDB's reads",
          ),
          part(
            "dynamodb-writes",
            dynamodb.writes / 1e6,
            "1,000,000 write request units",
            prices?.dynamodb?.millionWrites,
            "DynamoDB's writes",
          ),
        ]
      : []),
  ].filter(({ quantity }) => quantity > 0);
}

/** Adds up items with the same kind, image, region and unit. */
function addUp(parts: readonly Part[]): CostLine[] {
  const alike = Map.groupBy(parts, ({ kind, image, region, unit }) => JSON.stringify([kind, image, region, unit]));
  return [...alike.values()]
    .flatMap(([first, ...others]) => {
      if (first?.price === undefined) return [];
      const { kind, image, region, unit, price } = first;
      const quantity = others.reduce((all, one) => all + one.quantity, first.quantity);
      return [{ kind, ...(image !== undefined && { image }), region, quantity, unit, price, amount: quantity * price }];
    })
    .toSorted(
      (a, b) =>
        compare(a.image ?? "~", b.image ?? "~") ||
        kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
        compare(a.region, b.region),
    );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const sum = (lines: readonly CostLine[]): number => lines.reduce((all, { amount }) => all + amount, 0);

const withoutPrice = (parts: readonly Part[]): string[] => {
  const left = Map.groupBy(
    parts.filter(({ price }) => price === undefined),
    ({ what, region, unit }) => JSON.stringify([what, region, unit]),
  );
  return [...left.values()].flatMap(([first, ...others]) => {
    if (!first) return [];
    const quantity = others.reduce((all, one) => all + one.quantity, first.quantity);
    const { what, region, unit } = first;
    return [`no price for ${what} in ${region}: ${quantity.toFixed(3)} x ${unit} not counted`];
  });
};
