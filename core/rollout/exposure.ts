import type { BuildArn } from "../../events/ids.ts";
import { findOpen } from "../advisories/announcement.ts";
import type { Advisory } from "../advisories/feed.ts";
import type { Manifest } from "../evidence/manifest.ts";
import type { Image } from "../factory/image-schema.ts";
import type { Cell, Clock, Milestones, Totals } from "./clock.ts";
import type { LaunchedInstance } from "./group.ts";

/** Accounts are not sampled for longer than this, even if an instance is never replaced. */
const GIVEN_UP_SECONDS = 90 * 86_400;

/** For this long after its fix reached the channel, a clock is counted closely. */
const CLOSELY_SECONDS = 7 * 86_400;

interface DatedBuild {
  readonly build: BuildArn;
  readonly startedAt: string;
}

interface SeenIn {
  readonly image: string;
  readonly channels: readonly string[];
  /** The build that the advisories apply to. */
  readonly affected: DatedBuild;
  readonly manifest: Manifest;
  readonly now: Date;
}

/** An item of the ledger has at most 400 KB; kernels' advisories have hundreds of CVEs. */
const MOST_CVES = 100;

/** Creates the clocks of newly seen advisories: one for each channel. */
export function toClocks(
  advisories: readonly Advisory[],
  { image, channels, affected: { build, startedAt }, manifest, now }: SeenIn,
): Clock[] {
  const installed = new Set(manifest.packages.map(({ name }) => name));
  return advisories.flatMap(({ id, severity, cves, fixes, issued }) =>
    channels.map((channel) => ({
      image,
      channel,
      advisory: id,
      severity,
      cves: cves.slice(0, MOST_CVES),
      ...(issued !== undefined && { publishedAt: issued }),
      seenAt: now.toISOString(),
      affected: { build, startedAt },
      fixes: fixes.filter(({ name }) => installed.has(name)),
      stillOpen: [],
      milestones: {},
    })),
  );
}

/** Seconds since the clock's advisory was seen; 0 for earlier times. */
export const sinceSeen = ({ seenAt }: Pick<Clock, "seenAt">, at: Date): number =>
  Math.max(0, Math.floor((at.getTime() - Date.parse(seenAt)) / 1000));

/** How often instances are counted until the channel points at the fix; counts start within half an hour of their time. */
const UNFIXED_SECONDS = 6 * 3_600;
const EARLY_SECONDS = 1_800;

/** Whether an hourly run counts instances: before the channel points at the fix, none can get it from there. */
export function isCountDue({ fix, sampledAt }: Pick<Clock, "fix" | "sampledAt">, now: Date): boolean {
  if (sampledAt === undefined || fix?.sharedAt !== undefined) return true;
  return now.getTime() - Date.parse(sampledAt) >= (UNFIXED_SECONDS - EARLY_SECONDS) * 1_000;
}

/** Whether instances are probably being patched: then they are counted every five minutes, otherwise hourly. */
export function isCountedClosely({ fix, ended }: Pick<Clock, "fix" | "ended">, now: Date): boolean {
  if (ended || fix?.sharedAt === undefined) return false;
  return now.getTime() - Date.parse(fix.sharedAt) < CLOSELY_SECONDS * 1_000;
}

/** An account without affected instances is asked daily until the channel points at the fix. */
const EMPTY_SECONDS = 86_400;

/**
 * Whether a count asks an account: always one with affected instances, or that did not answer. One that answered that
 * it has none is asked hourly once the channel points at the fix, but not by close counts.
 */
export function isAsked(
  cell: Cell | undefined,
  clock: Pick<Clock, "fix" | "seenAt">,
  { close, now }: { readonly close: boolean; readonly now: Date },
): boolean {
  if (!cell?.known || cell.failed !== undefined || cell.known.left + cell.known.fresh > 0) return true;
  if (close) return false;
  return clock.fix?.sharedAt !== undefined || sinceSeen(clock, now) - cell.known.at >= EMPTY_SECONDS - EARLY_SECONDS;
}

type Started = Pick<DatedBuild, "startedAt">;

export const isNewer = (one: Started, other: Started): boolean =>
  Date.parse(one.startedAt) > Date.parse(other.startedAt);

/** Whether a build is affected by the clock's advisory. A newer build that was not checked yet counts as affected. */
function isAffected({ build, startedAt }: DatedBuild, { affected, stillOpen, fix }: Clock): boolean {
  if (!isNewer({ startedAt }, affected) || stillOpen.includes(build)) return true;
  return fix === undefined || isNewer(fix, { startedAt });
}

/**
 * Looks for the fix in newer builds, oldest first. Builds without a manifest are checked another time.
 * @param builds the available builds
 */
export function findFix(
  clock: Clock,
  config: Pick<Image, "os" | "architecture">,
  builds: readonly (DatedBuild & { readonly manifest: Manifest | undefined })[],
): Clock {
  if (clock.fix) return clock;
  const { image, advisory: id, severity, cves, fixes } = clock;
  const stillOpen = [...clock.stillOpen];
  const newer = builds
    .filter((one) => isNewer(one, clock.affected) && !stillOpen.includes(one.build))
    .toSorted((a, b) => Date.parse(a.startedAt) - Date.parse(b.startedAt));
  for (const { build, startedAt, manifest } of newer) {
    if (!manifest) continue;
    const { open, unjudged } = findOpen({
      image,
      config,
      packages: manifest,
      advisories: [{ id, severity, cves, fixes }],
    });
    if (open.length === 0 && unjudged.length === 0) return { ...clock, stillOpen, fix: { build, startedAt } };
    stillOpen.push(build);
  }
  return { ...clock, stillOpen };
}

/** An account's answer, or why it failed. */
export type Sample =
  | { readonly at: number; readonly left: number; readonly fresh: number }
  | { readonly at: number; readonly failed: { readonly why: string; readonly refused: boolean } };

/**
 * Counts the instances of affected builds in an account. Those launched after the advisory was seen are counted separately.
 * @param builds by AMI, for all regions
 */
export function countAffected(
  clock: Clock,
  instances: readonly LaunchedInstance[],
  builds: ReadonlyMap<string, DatedBuild>,
): { readonly left: number; readonly fresh: number } {
  const affected = instances.filter(({ ami }) => {
    const build = builds.get(ami);
    return build !== undefined && isAffected(build, clock);
  });
  const seenAt = Date.parse(clock.seenAt);
  const fresh = affected.filter(({ launchedAt }) => Date.parse(launchedAt) > seenAt).length;
  return { left: affected.length - fresh, fresh };
}

/**
 * The state of an account after a sample. A late or repeated sample changes nothing. A failed one keeps the counts: unknown
 * instances do not count as patched.
 */
export function addSample(before: Cell | undefined, sample: Sample): Cell {
  if (before && (sample.at < before.at || (sample.at === before.at && !before.failed))) return before;
  const { at } = sample;
  if ("failed" in sample) {
    return {
      at,
      milestones: before?.milestones ?? {},
      ...(before?.known && { known: before.known }),
      failed: sample.failed,
    };
  }
  const { left, fresh } = sample;
  // A group that opts in later adds its instances.
  const population = Math.max(before?.known?.population ?? 0, left);
  const within = at - (before?.known?.at ?? 0);
  const milestones = reach(before?.milestones ?? {}, { population, left }, { at, within, upTo: 100 });
  return { at, known: { population, left, fresh, at }, milestones };
}

const PERCENTS = [50, 90, 100] as const;

function reach(
  before: Milestones,
  { population, left }: Pick<Totals, "population" | "left">,
  { at, within, upTo }: { readonly at: number; readonly within: number; readonly upTo: number },
): Milestones {
  const after = { ...before };
  for (const percent of PERCENTS) {
    const isReached = population > 0 && (population - left) * 100 >= population * percent;
    if (percent <= upTo && isReached) after[`p${percent}`] ??= { seconds: at, within };
  }
  return after;
}

/** @param accounts the accounts that the channel reaches; those without an answer count as unknown */
function totalsOf(cells: ReadonlyMap<string, Cell>, accounts: readonly string[]): Totals {
  const totals = { accounts: accounts.length, unknown: 0, refused: 0, population: 0, left: 0, fresh: 0, heard: 0 };
  const known = accounts.flatMap((account) => cells.get(account)?.known ?? []);
  // From an account where none is left, none can leave later.
  const counting = known.some(({ left }) => left > 0) ? known.filter(({ left }) => left > 0) : known;
  if (counting.length > 0)
    totals.heard = counting.reduce((oldest, { at }) => Math.min(oldest, at), Number.POSITIVE_INFINITY);
  for (const account of accounts) {
    const cell = cells.get(account);
    if (cell?.known) {
      totals.population += cell.known.population;
      totals.left += cell.known.left;
      totals.fresh += cell.known.fresh;
    } else if (cell?.failed?.refused) totals.refused += 1;
    else totals.unknown += 1;
  }
  return totals;
}

/**
 * The clock after all accounts were sampled. No milestone is reached while an account has never answered, and 100 % only if
 * no account denies access.
 */
export function advanceClock(
  clock: Clock,
  cells: ReadonlyMap<string, Cell>,
  { accounts, now }: { readonly accounts: readonly string[]; readonly now: Date },
): Clock {
  const totals = totalsOf(cells, accounts);
  const at = sinceSeen(clock, now);
  if (clock.sampledAt !== undefined && clock.sampledAt > now.toISOString()) return clock;
  const within = at - (clock.totals?.heard ?? 0);
  const upTo = totals.unknown > 0 ? 0 : totals.refused > 0 ? 90 : 100;
  const milestones = reach(clock.milestones, totals, { at, within, upTo });
  const why = whyEnded({ totals, milestones, at, complete: upTo === 100 });
  const sampledAt = now.toISOString();
  return { ...clock, sampledAt, totals, milestones, ...(why && { ended: { at: sampledAt, why } }) };
}

/** New instances of affected builds also keep the clock open. */
function whyEnded({
  totals,
  milestones,
  at,
  complete,
}: {
  readonly totals: Totals;
  readonly milestones: Milestones;
  readonly at: number;
  readonly complete: boolean;
}): NonNullable<Clock["ended"]>["why"] | undefined {
  if (complete && totals.left + totals.fresh === 0) return milestones.p100 ? "patched" : "nothing-to-patch";
  return at > GIVEN_UP_SECONDS ? "given-up" : undefined;
}
