import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { type Held, heldIn, type Pointed } from "../channel/regions.ts";

/** A build's AMIs by region, and the builds of regions that do not have it, as in a channel. */
export type Version = Pointed;

/**
 * The values of a wave's parameters. Places are `<account>/<region>`. A place gets another AMI only through a roll-out's step,
 * or because its AMI was revoked or undone.
 */
export interface Ring {
  readonly from: Version;
  /** The version to which a roll-out moves the ring; absent between roll-outs. */
  readonly to?:
    | (Version & {
        /** False: only `places` have moved. True: all have moved except `places`, which were rolled back. */
        readonly everywhere: boolean;
        readonly places: readonly string[];
      })
    | undefined;
  /** Places that kept another version when an earlier roll-out ended: neither `from` nor `to`. */
  readonly apart?: readonly Apart[] | undefined;
  /** The id of the roll-out that last moved it; absent if none has. */
  readonly rollout?: string | undefined;
}

/** A build's AMIs at these places. */
interface Apart extends Pick<Version, "build" | "amis"> {
  readonly places: readonly string[];
}

export const placeOf = (account: string, region: string): string => `${account}/${region}`;

/** The AMI and build of a ring's parameter at a place; undefined without a parameter. */
export const ringHeld = (ring: Ring, account: string, region: string): Held | undefined =>
  heldIn(versionAt(ring, placeOf(account, region)), region);

export const ringAmi = (ring: Ring, account: string, region: string): ArtifactId | undefined =>
  ringHeld(ring, account, region)?.amiId;

/** The values of an account's parameters of a ring, by region. */
export function ringAmisOf(ring: Ring, account: string): Record<string, ArtifactId> {
  const regions = new Set(versionsOf(ring).flatMap(regionsOf));
  return Object.fromEntries(
    [...regions].flatMap((region) => {
      const ami = ringAmi(ring, account, region);
      return ami ? [[region, ami]] : [];
    }),
  );
}

/** Whether a ring has the same AMI of each region in all versions, before and after a change: no parameter changes. */
export function sayTheSame(one: Ring, other: Ring): boolean {
  const values = [...versionsOf(one), ...versionsOf(other)].map((version) =>
    JSON.stringify(
      regionsOf(version)
        .toSorted()
        .map((region) => [region, heldIn(version, region)?.amiId]),
    ),
  );
  return new Set(values).size === 1;
}

/** The distinct builds of a ring. */
export const ringBuilds = (ring: Ring): BuildArn[] => [...new Set(versionsOf(ring).flatMap(buildsOf))];

/**
 * Moves a ring to a version at these places only, because a wave's first group goes alone. Another roll-out in progress is
 * superseded, and its changes are kept. Regions that the version does not have keep their build.
 */
export function beginRing(
  ring: Ring,
  version: Version,
  { rollout, places }: { readonly rollout: string; readonly places: readonly string[] },
): Ring {
  if (ring.to && ring.rollout === rollout) return moveRingAt(ring, places);
  const settled = settleRing(ring);
  const to = { ...versionsOf(settled).reduce(keepRegions, version), everywhere: false, places: toPlaces(places) };
  return { ...settled, to, rollout };
}

/** Moves more places, or places that were rolled back. */
export function moveRingAt(ring: Ring, places: readonly string[]): Ring {
  const { to } = ring;
  return to ? { ...ring, to: { ...to, places: change(to, { moved: places }) } } : ring;
}

/** Moves all places. */
export const moveRingEverywhere = (ring: Ring): Ring =>
  ring.to ? { ...ring, to: { ...ring.to, everywhere: true, places: [] } } : ring;

/** Rolls places back to their version before the roll-out. */
export function returnRingAt(ring: Ring, places: readonly string[]): Ring {
  const { to } = ring;
  return to ? { ...ring, to: { ...to, places: change(to, { takenBack: places }) } } : ring;
}

/** Rolls all places back to their version before the roll-out, and ends the roll-out. */
export const returnRing = ({ to: _, ...ring }: Ring): Ring => ring;

/** Ends a roll-out. Every place keeps its current version, including those that were rolled back or did not move. */
export function settleRing(ring: Ring): Ring {
  const { to, apart = [], ...rest } = ring;
  if (!to) return ring;
  const { everywhere, places } = to;
  if (!everywhere) {
    const others = [...without(apart, places), ...setApart(to, places)];
    return { ...rest, ...(others.length > 0 && { apart: others }) };
  }
  const known = new Set(apart.flatMap((one) => one.places));
  const kept = apart.map((one) => ({ ...one, places: one.places.filter((place) => places.includes(place)) }));
  const behind = places.filter((place) => !known.has(place));
  const others = [...kept.filter((one) => one.places.length > 0), ...setApart(rest.from, behind)];
  return { ...rest, from: toVersion(to), ...(others.length > 0 && { apart: others }) };
}

/** The facts that decide a ring's values outside roll-outs. */
export interface RingFacts {
  /** The channel's current version. */
  readonly channel: Version | undefined;
  /** Builds of the ring or the channel that were revoked, or whose promotion was undone. */
  readonly withdrawn: ReadonlySet<BuildArn>;
  /** Whether the config has the wave. */
  readonly configured: boolean;
}

/**
 * Keeps a ring usable without moving it along with its channel. If its current or next version is a revoked or undone build,
 * it moves at once, in all places, to the channel's build. If only some places or regions have such a build, only these
 * move. Missing rings and regions are filled from the channel.
 * @returns the same ring if nothing changes; undefined if it has no values
 */
export function planRing(ring: Ring | undefined, facts: RingFacts): Ring | undefined {
  const { withdrawn: excluded, configured } = facts;
  const channel = facts.channel && withoutBuilds(facts.channel, excluded);
  if (!ring) return configured && channel ? { from: channel } : undefined;
  const { rollout, from, to } = ring;
  if ([from, ...(to ? [to] : [])].some(({ build }) => excluded.has(build))) {
    return channel && { from: channel, ...(rollout !== undefined && { rollout }) };
  }
  const left = ringBuilds(ring).some((build) => excluded.has(build)) ? leaveBuilds(ring, excluded, channel) : ring;
  const lacking =
    configured && regionsOf(channel).some((region) => heldIn(channel, region) && !heldIn(left.from, region));
  return lacking && channel ? { ...left, from: keepRegions(left.from, channel) } : left;
}

/** Regions that kept a revoked or undone build get the channel's; places apart with such a build follow the ring again. */
function leaveBuilds(ring: Ring, excluded: ReadonlySet<BuildArn>, channel: Version | undefined): Ring {
  const leave = <One extends Version>(version: One): One => {
    const kept = withoutBuilds(version, excluded);
    return kept ? { ...version, ...(channel ? keepRegions(kept, channel) : kept) } : version;
  };
  const { from, to, apart = [], ...rest } = ring;
  const others = apart.filter(({ build }) => !excluded.has(build));
  return { ...rest, from: leave(from), ...(to && { to: leave(to) }), ...(others.length > 0 && { apart: others }) };
}

function versionAt({ from, to, apart = [] }: Ring, place: string): Version {
  if (to && to.everywhere !== includes(to.places, place)) return to;
  return apart.find(({ places }) => includes(places, place)) ?? from;
}

/** Caches lists of places as sets, because they are searched for every group and region of an organization. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function includes(places: readonly string[], place: string): boolean {
  const set = sets.get(places) ?? new Set(places);
  sets.set(places, set);
  return set.has(place);
}

const versionsOf = ({ from, to, apart = [] }: Ring): Version[] => [from, ...(to ? [to] : []), ...apart];

const regionsOf = (version: Version | undefined): string[] =>
  version ? [...Object.keys(version.amis), ...Object.keys(version.behind ?? {})] : [];

/** The builds of a version: its own, and those that regions keep. */
export const buildsOf = ({ build, behind = {} }: Version): BuildArn[] => [
  build,
  ...Object.values(behind).flatMap((one) => one.build ?? []),
];

const toVersion = ({ build, amis, behind }: Version): Version => ({ build, amis, ...(behind && { behind }) });

const toPlaces = (places: readonly string[]): string[] => [...new Set(places)].toSorted();

/** The places of `to` after more places moved or were rolled back. */
function change(
  { everywhere, places }: NonNullable<Ring["to"]>,
  { moved = [], takenBack = [] }: { readonly moved?: readonly string[]; readonly takenBack?: readonly string[] },
): string[] {
  const added = everywhere ? takenBack : moved;
  const removed = everywhere ? moved : takenBack;
  return toPlaces([...places, ...added]).filter((place) => !removed.includes(place));
}

/** The AMIs of a version at some places, by build. */
function setApart(version: Version, places: readonly string[]): Apart[] {
  const regionOf = (place: string): string => place.split("/")[1] ?? "";
  const builds = Map.groupBy(places, (place) => heldIn(version, regionOf(place))?.build ?? version.build);
  return [...builds].map(([build, own]) => {
    const amis = own.flatMap((place) => {
      const held = heldIn(version, regionOf(place));
      return held ? [[regionOf(place), held.amiId] as const] : [];
    });
    return { build, amis: Object.fromEntries(amis), places: own };
  });
}

const without = (apart: readonly Apart[], gone: readonly string[]) =>
  apart
    .map((one) => ({ ...one, places: one.places.filter((place) => !gone.includes(place)) }))
    .filter(({ places }) => places.length > 0);

/** A version, filled with the builds that its missing regions had before. */
function keepRegions(version: Version, before: Version): Version {
  const kept = regionsOf(before).flatMap((region) => {
    const held = heldIn(version, region) ? undefined : heldIn(before, region);
    return held
      ? [[region, { why: "the region does not have the build", ...version.behind?.[region], ...held }] as const]
      : [];
  });
  const behind = { ...version.behind, ...Object.fromEntries(kept) };
  return { ...toVersion(version), ...(Object.keys(behind).length > 0 && { behind }) };
}

/** A version without its regions' revoked or undone builds; undefined if its own build is one. */
function withoutBuilds(version: Version, excluded: ReadonlySet<BuildArn>): Version | undefined {
  if (excluded.has(version.build)) return undefined;
  const behind = Object.entries(version.behind ?? {}).map(
    ([region, one]) => [region, one.build && excluded.has(one.build) ? { why: one.why } : one] as const,
  );
  return { ...toVersion(version), ...(behind.length > 0 && { behind: Object.fromEntries(behind) }) };
}
