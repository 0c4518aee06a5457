import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { type Held, heldIn, type Pointed } from "../channel/held-regions.ts";

/** A build's AMIs by region, and what regions keep that do not have the build; as a channel points at them. */
export type Version = Pointed;

/**
 * What a wave's parameters say. Places are `<account>/<region>`. No place gets another AMI but by a roll-out's step, or
 * because its AMI was withdrawn.
 */
export interface Ring {
  readonly from: Version;
  /** The version that a roll-out moves the ring to; left out between roll-outs. */
  readonly to?:
    | (Version & {
        /** False: `places` have moved, all others have not. True: all have moved, except `places`, which were taken back. */
        readonly everywhere: boolean;
        readonly places: readonly string[];
      })
    | undefined;
  /** Places that kept another version when an earlier roll-out ended: neither the `from` nor the `to` of this one. */
  readonly apart?: readonly Apart[] | undefined;
  /** The id of the roll-out that moved it last; left out where none has yet. */
  readonly rollout?: string | undefined;
}

/** A build's AMIs at these places. */
interface Apart extends Pick<Version, "build" | "amis"> {
  readonly places: readonly string[];
}

export const placeOf = (account: string, region: string): string => `${account}/${region}`;

/** What a ring's parameter says at a place, and of which build that is; undefined where it has no parameter. */
export const ringHeld = (ring: Ring, account: string, region: string): Held | undefined =>
  heldIn(versionAt(ring, placeOf(account, region)), region);

export const ringAmi = (ring: Ring, account: string, region: string): ArtifactId | undefined =>
  ringHeld(ring, account, region)?.amiId;

/** What an account's parameters of a ring say, by region. */
export function ringAmisOf(ring: Ring, account: string): Record<string, ArtifactId> {
  const regions = new Set(versionsOf(ring).flatMap(regionsOf));
  return Object.fromEntries(
    [...regions].flatMap((region) => {
      const ami = ringAmi(ring, account, region);
      return ami ? [[region, ami]] : [];
    }),
  );
}

/** Every build that a ring names, once. */
export const ringBuilds = (ring: Ring): BuildArn[] => [...new Set(versionsOf(ring).flatMap(buildsOf))];

/**
 * Moves a ring to a version at these places only: a wave's first group goes alone. Where another roll-out was under way,
 * it is superseded, and what it did stays. A region that the version lacks keeps what it had.
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

/** Moves some more places, or again those that were taken back. */
export function moveRingAt(ring: Ring, places: readonly string[]): Ring {
  const { to } = ring;
  return to ? { ...ring, to: { ...to, places: change(to, { moved: places }) } } : ring;
}

/** Moves all places. */
export const moveRingEverywhere = (ring: Ring): Ring =>
  ring.to ? { ...ring, to: { ...ring.to, everywhere: true, places: [] } } : ring;

/** Takes places back to what they had before the roll-out. */
export function takeRingBackAt(ring: Ring, places: readonly string[]): Ring {
  const { to } = ring;
  return to ? { ...ring, to: { ...to, places: change(to, { takenBack: places }) } } : ring;
}

/** Takes all places back to what they had before the roll-out, which is over. */
export const takeRingBack = ({ to: _, ...ring }: Ring): Ring => ring;

/** Ends a roll-out. Every place keeps what it has: also those that were taken back, or that did not move. */
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

/** What decides what a ring is to be when no roll-out moves it. */
export interface RingFacts {
  /** Where the channel points. */
  readonly channel: Version | undefined;
  /** Builds that were revoked, or whose promotion was undone, of those that the ring or the channel names. */
  readonly withdrawn: ReadonlySet<BuildArn>;
  /** Whether the config has the wave. */
  readonly configured: boolean;
}

/**
 * Keeps a ring usable without moving it along with its channel. One whose present or next version is a withdrawn build
 * moves at once, in all places, to what the channel points at; where only some places or regions still have a withdrawn
 * build, they alone leave it. A ring that is missing is made from what the channel has, and so is what a region lacks.
 * @returns the same ring where nothing is to be done; undefined where there is nothing for it to say
 */
export function planRing(ring: Ring | undefined, facts: RingFacts): Ring | undefined {
  const { withdrawn, configured } = facts;
  const channel = facts.channel && withoutBuilds(facts.channel, withdrawn);
  if (!ring) return configured && channel ? { from: channel } : undefined;
  const { rollout, from, to } = ring;
  if ([from, ...(to ? [to] : [])].some(({ build }) => withdrawn.has(build))) {
    return channel && { from: channel, ...(rollout !== undefined && { rollout }) };
  }
  const left = ringBuilds(ring).some((build) => withdrawn.has(build)) ? leaveBuilds(ring, withdrawn, channel) : ring;
  const lacking =
    configured && regionsOf(channel).some((region) => heldIn(channel, region) && !heldIn(left.from, region));
  return lacking && channel ? { ...left, from: keepRegions(left.from, channel) } : left;
}

/** Regions that kept something of a withdrawn build get what the channel has there; places apart follow the ring again. */
function leaveBuilds(ring: Ring, withdrawn: ReadonlySet<BuildArn>, channel: Version | undefined): Ring {
  const leave = <One extends Version>(version: One): One => {
    const kept = withoutBuilds(version, withdrawn);
    return kept ? { ...version, ...(channel ? keepRegions(kept, channel) : kept) } : version;
  };
  const { from, to, apart = [], ...rest } = ring;
  const others = apart.filter(({ build }) => !withdrawn.has(build));
  return { ...rest, from: leave(from), ...(to && { to: leave(to) }), ...(others.length > 0 && { apart: others }) };
}

function versionAt({ from, to, apart = [] }: Ring, place: string): Version {
  if (to && to.everywhere !== includes(to.places, place)) return to;
  return apart.find(({ places }) => includes(places, place)) ?? from;
}

/** Places are looked for once for each group and region of an organization. */
const sets = new WeakMap<readonly string[], ReadonlySet<string>>();

function includes(places: readonly string[], place: string): boolean {
  const set = sets.get(places) ?? new Set(places);
  sets.set(places, set);
  return set.has(place);
}

const versionsOf = ({ from, to, apart = [] }: Ring): Version[] => [from, ...(to ? [to] : []), ...apart];

const regionsOf = (version: Version | undefined): string[] =>
  version ? [...Object.keys(version.amis), ...Object.keys(version.behind ?? {})] : [];

/** The builds of a version: its own, and those of which regions keep something. */
export const buildsOf = ({ build, behind = {} }: Version): BuildArn[] => [
  build,
  ...Object.values(behind).flatMap((one) => one.build ?? []),
];

const toVersion = ({ build, amis, behind }: Version): Version => ({ build, amis, ...(behind && { behind }) });

const toPlaces = (places: readonly string[]): string[] => [...new Set(places)].toSorted();

/** The places of `to` after some more moved, or were taken back. */
function change(
  { everywhere, places }: NonNullable<Ring["to"]>,
  { moved = [], takenBack = [] }: { readonly moved?: readonly string[]; readonly takenBack?: readonly string[] },
): string[] {
  const added = everywhere ? takenBack : moved;
  const removed = everywhere ? moved : takenBack;
  return toPlaces([...places, ...added]).filter((place) => !removed.includes(place));
}

/** What places have of a version, build by build, with nothing else of the version. */
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

/** A version with what regions have that it lacks. */
function keepRegions(version: Version, before: Version): Version {
  const kept = regionsOf(before).flatMap((region) => {
    const held = heldIn(version, region) ? undefined : heldIn(before, region);
    return held ? [[region, { why: "the build is not there", ...version.behind?.[region], ...held }] as const] : [];
  });
  const behind = { ...version.behind, ...Object.fromEntries(kept) };
  return { ...toVersion(version), ...(Object.keys(behind).length > 0 && { behind }) };
}

/** A version without what regions keep of withdrawn builds; undefined where its own build is one. */
function withoutBuilds(version: Version, withdrawn: ReadonlySet<BuildArn>): Version | undefined {
  if (withdrawn.has(version.build)) return undefined;
  const behind = Object.entries(version.behind ?? {}).map(
    ([region, one]) => [region, one.build && withdrawn.has(one.build) ? { why: one.why } : one] as const,
  );
  return { ...toVersion(version), ...(behind.length > 0 && { behind: Object.fromEntries(behind) }) };
}
