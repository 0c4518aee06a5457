import type * as z from "zod";
import type { fleetReported } from "../../events/fleet.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { FleetBuild, FleetChannel } from "./facts.ts";
import { type Fleet, type FleetRow, listFleet } from "./list-fleet.ts";

type FleetReported = z.output<typeof fleetReported.detail>;

/** Limits that keep the event below 256 KB (EventBridge user guide, "PutEvents event entry size"). */
const MOST_BUILDS = 20;

const MOST_ACCOUNTS = 50;

const MOST_REASONS = 20;

const LONGEST_REASON = 500;

interface Asked {
  readonly month: string;
  /** Why requesting a report from EC2 failed. */
  readonly refused: readonly { readonly build: BuildArn; readonly region: string; readonly why: string }[];
  /** How long it took until an image's advisories were patched in instances; absent if no channel has roll-outs. */
  readonly patched?: (image: string) => FleetReported["patched"] | undefined;
  /** Absent for images whose operating system is supported. */
  readonly supportEnded?: (image: string) => FleetReported["supportEnded"] | undefined;
}

/** The monthly report for each image that was ever shared. */
export function reportFleet(
  builds: readonly FleetBuild[],
  channels: readonly FleetChannel[],
  { month, refused, patched: patchedOf, supportEnded: endOf }: Asked,
): FleetReported[] {
  const why = new Map(refused.map((one) => [`${one.build} ${one.region}`, one.why]));
  const byImage = [...Map.groupBy(builds, ({ image }) => image)].toSorted(([a], [b]) => a.localeCompare(b));
  return byImage.map(([image, own]) => {
    const fleet = listFleet(own, channels);
    const unwanted = unwantedIn(fleet);
    const unknown = unknownIn(fleet, (build, region) => why.get(`${build} ${region}`));
    const { ages } = fleet;
    const asOf = spanOf(fleet);
    const patched = patchedOf?.(image);
    const supportEnded = endOf?.(image);
    return {
      image,
      month,
      reported: sum(fleet.regions, ({ reported }) => reported),
      accounts: new Set(fleet.rows.map(({ account }) => account)).size,
      instances: sum(fleet.rows, ({ instances }) => instances),
      launchTemplates: sum(fleet.rows, ({ launchTemplates }) => launchTemplates),
      ...(ages && { ages: { p50: ages.p50, p90: ages.p90, oldest: ages.p100 } }),
      ...(asOf && { asOf }),
      ...(patched && { patched }),
      ...(supportEnded && { supportEnded }),
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
    .map(({ uses: _, ...rest }) => rest);
}

/** By region and reason, most AMIs first. */
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
/** The next step for the month's fleet notice. */
type FleetNoticeAct =
  | { readonly kind: "ask" }
  /** `patient`: wait for pending reports. */
  | { readonly kind: "look"; readonly patient: boolean }
  | { readonly kind: "nothing" };

/** The state of the month's notice. */
interface FleetNoticeState {
  /** When reports were requested from EC2; ISO 8601. */
  readonly askedAt: string;
  /** The events of all images were published. */
  readonly done: boolean;
}

/**
 * The month, such as `2026-04`, whose notice day was the last one: a notice that could not be sent in time is sent late, not
 * skipped.
 */
export function noticeMonth(now: Date, onDay: number): string {
  const past = now.getUTCDate() >= onDay ? 0 : 1;
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - past, 1)).toISOString().slice(0, 7);
}

/** Reports are requested first. EC2 takes hours to prepare them, and longer for large organizations. */
export function decideFleetNotice(
  told: FleetNoticeState | undefined,
  { now, waitSeconds }: { readonly now: Date; readonly waitSeconds: number },
): FleetNoticeAct {
  if (!told) return { kind: "ask" };
  if (told.done) return { kind: "nothing" };
  return { kind: "look", patient: now.getTime() < Date.parse(told.askedAt) + waitSeconds * 1000 };
}
