import type * as z from "zod";
import type { fleetReported } from "../../events/fleet-reported.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { FleetBuild, FleetChannel } from "./facts.ts";
import { type Fleet, type FleetRow, listFleet } from "./list-fleet.ts";

type FleetReported = z.output<typeof fleetReported.detail>;

/** So many fit an event together (256 KB; EventBridge user guide, "PutEvents event entry size"). */
const MOST_BUILDS = 20;
const MOST_ACCOUNTS = 50;
const MOST_REASONS = 20;
const LONGEST_REASON = 500;

interface Asked {
  readonly month: string;
  /** Why EC2 could not be asked for a report. */
  readonly refused: readonly { readonly build: BuildArn; readonly region: string; readonly why: string }[];
}

/** What people are told of each image that somebody could launch. */
export function reportFleet(
  builds: readonly FleetBuild[],
  channels: readonly FleetChannel[],
  { month, refused }: Asked,
): FleetReported[] {
  const why = new Map(refused.map((one) => [`${one.build} ${one.region}`, one.why]));
  const byImage = [...Map.groupBy(builds, ({ image }) => image)].toSorted(([a], [b]) => a.localeCompare(b));
  return byImage.map(([image, own]) => {
    const fleet = listFleet(own, channels);
    const unwanted = unwantedIn(fleet);
    const unknown = unknownIn(fleet, (build, region) => why.get(`${build} ${region}`));
    const { ages } = fleet;
    const asOf = spanOf(fleet);
    return {
      image,
      month,
      reported: sum(fleet.regions, ({ reported }) => reported),
      accounts: new Set(fleet.rows.map(({ account }) => account)).size,
      instances: sum(fleet.rows, ({ instances }) => instances),
      launchTemplates: sum(fleet.rows, ({ launchTemplates }) => launchTemplates),
      ...(ages && { ages: { p50: ages.p50, p90: ages.p90, oldest: ages.p100 } }),
      ...(asOf && { asOf }),
      unwanted: unwanted.slice(0, MOST_BUILDS),
      moreUnwanted: Math.max(0, unwanted.length - MOST_BUILDS),
      unknown: unknown.slice(0, MOST_REASONS),
      moreUnknown: sum(unknown.slice(MOST_REASONS), ({ amis }) => amis),
    };
  });
}

function unwantedIn({ rows }: Fleet): FleetReported["unwanted"] {
  const some = rows.filter(({ revoked, deprecated }) => revoked || deprecated);
  return [...Map.groupBy(some, ({ build }) => build)]
    .map(([build, own]) => ({
      build,
      revoked: own.some(({ revoked }) => revoked),
      deprecated: own.some(({ deprecated }) => deprecated),
      users: own
        .toSorted((a, b) => usesOf(b) - usesOf(a))
        .slice(0, MOST_ACCOUNTS)
        .map(({ account, instances, launchTemplates }) => ({ account, instances, launchTemplates })),
      more: Math.max(0, own.length - MOST_ACCOUNTS),
      uses: sum(own, usesOf),
    }))
    .toSorted((a, b) => b.uses - a.uses)
    .map(({ uses: _, ...told }) => told);
}

/** By region and reason, the most AMIs first. */
function unknownIn(
  { unknown }: Fleet,
  refusal: (build: BuildArn, region: string) => string | undefined,
): FleetReported["unknown"] {
  const reasons = unknown.map(({ build, region, why }) => ({ region, why: refusal(build, region) ?? why }));
  return [...Map.groupBy(reasons, ({ region, why }) => `${region} ${why}`).values()]
    .flatMap((some) => {
      const [first] = some;
      return first ? [{ region: first.region, amis: some.length, why: first.why.slice(0, LONGEST_REASON) }] : [];
    })
    .toSorted((a, b) => b.amis - a.amis || a.region.localeCompare(b.region));
}

function spanOf({ regions }: Fleet): FleetReported["asOf"] {
  const spans = regions.flatMap(({ asOf }) => asOf ?? []);
  const oldest = spans.map((one) => one.oldest).toSorted()[0];
  const newest = spans
    .map((one) => one.newest)
    .toSorted()
    .at(-1);
  return oldest !== undefined && newest !== undefined ? { oldest, newest } : undefined;
}

const usesOf = ({ instances, launchTemplates }: FleetRow): number => instances + launchTemplates;
const sum = <One>(all: readonly One[], of: (one: One) => number): number => all.reduce((so, one) => so + of(one), 0);
