import type { Cell, Clock } from "./clock.ts";
import { sinceSeen } from "./exposure.ts";

const p = (clock: Clock, percent: 50 | 90 | 100): number | null => clock.milestones[`p${percent}`]?.seconds ?? null;

/** How soon an advisory was patched in running instances, as JSON: seconds since Amint saw it, null while open. */
export interface Patched {
  readonly image: string;
  readonly channel: string;
  readonly advisory: string;
  readonly cves: readonly string[];
  readonly publishedAt: string | null;
  readonly seenAt: string;
  readonly build: string | null;
  readonly startedAt: string | null;
  readonly builtAt: string | null;
  readonly promotedAt: string | null;
  readonly sharedAt: string | null;
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p100: number | null;
  /** By how many seconds each may be too high: the time between two samples. */
  readonly within: { readonly p50: number | null; readonly p90: number | null; readonly p100: number | null };
  readonly instances: number;
  readonly left: number;
  /** Launched from affected builds since then; not included in `instances`. */
  readonly launchedSince: number;
  readonly accounts: number;
  readonly unknownAccounts: number;
  readonly ended: NonNullable<Clock["ended"]>["why"] | null;
}

export function toPatched(clock: Clock): Patched {
  const { image, channel, advisory, cves, publishedAt, seenAt, fix, totals, milestones, ended } = clock;
  return {
    image,
    channel,
    advisory,
    cves,
    publishedAt: publishedAt ?? null,
    seenAt,
    build: fix?.build ?? null,
    startedAt: fix?.startedAt ?? null,
    builtAt: fix?.builtAt ?? null,
    promotedAt: fix?.promotedAt ?? null,
    sharedAt: fix?.sharedAt ?? null,
    p50: p(clock, 50),
    p90: p(clock, 90),
    p100: p(clock, 100),
    within: {
      p50: milestones.p50?.within ?? null,
      p90: milestones.p90?.within ?? null,
      p100: milestones.p100?.within ?? null,
    },
    instances: totals?.population ?? 0,
    left: totals?.left ?? 0,
    launchedSince: totals?.fresh ?? 0,
    accounts: totals?.accounts ?? 0,
    unknownAccounts: totals ? totals.unknown + totals.refused : 0,
    ended: ended?.why ?? null,
  };
}

interface Asked {
  readonly image?: string | undefined;
  /** Excludes clocks that ended before. */
  readonly since?: Date | undefined;
}

/** The selected clocks, newest first, without those that had no instance to patch. */
export const listPatched = (clocks: readonly Clock[], { image, since }: Asked = {}): Clock[] =>
  clocks
    .filter((one) => image === undefined || one.image === image)
    .filter(({ ended }) => !ended || !since || ended.at >= since.toISOString())
    .filter(({ ended }) => ended?.why !== "nothing-to-patch")
    .toSorted(
      (a, b) =>
        b.seenAt.localeCompare(a.seenAt) ||
        a.image.localeCompare(b.image) ||
        a.channel.localeCompare(b.channel) ||
        a.advisory.localeCompare(b.advisory),
    );

/** The instances of an account that are still affected by an advisory. */
export interface OpenAccount {
  readonly account: string;
  /** Undefined: it never answered. */
  readonly left: number | undefined;
  readonly launchedSince: number;
  readonly why: string | undefined;
}

/** The accounts with affected instances, most instances first. */
export const openAccounts = (cells: ReadonlyMap<string, Cell>): OpenAccount[] =>
  [...cells]
    .map(([account, { known, failed }]) => ({
      account,
      left: known?.left,
      launchedSince: known?.fresh ?? 0,
      why: failed?.why,
    }))
    .filter(({ left, launchedSince }) => left !== 0 || launchedSince > 0)
    .toSorted((a, b) => (b.left ?? 0) - (a.left ?? 0) || a.account.localeCompare(b.account));

/**
 * An image's metrics: the time until 90 % for its slowest advisory, or the time so far, and the number of affected instances
 * for the advisory with the most. They are not added up, because one instance can be affected by several advisories.
 */
export function exposureMetrics(
  clocks: readonly Clock[],
  now: Date,
): { readonly PatchedSeconds90?: number; readonly UnpatchedInstances: number } {
  const slow = clocks
    .filter(({ ended }) => ended?.why !== "nothing-to-patch")
    .flatMap((clock) => {
      const { p90 } = clock.milestones;
      if (!p90) return [sinceSeen(clock, now)];
      // Reported once, by the sample that reached it.
      return sinceSeen(clock, now) === p90.seconds ? [p90.seconds] : [];
    });
  const byChannel = [...Map.groupBy(clocks, ({ channel }) => channel).values()];
  const open = byChannel.map((some) =>
    Math.max(...some.map(({ totals }) => (totals ? totals.left + totals.fresh : 0))),
  );
  return {
    ...(slow.length > 0 && { PatchedSeconds90: Math.max(...slow) }),
    UnpatchedInstances: open.reduce((sum, one) => sum + one, 0),
  };
}

/** The advisories of a month, for the monthly notice: seconds until 90 % of the instances were patched. */
export interface MonthPatched {
  readonly advisories: number;
  /** How many of these are still below 90 %. */
  readonly open: number;
  readonly p90?: { readonly median: number; readonly slowest: number };
}

/** Undefined if no advisory of the image was seen since then, or none affected an instance. */
export function summarizePatched(clocks: readonly Clock[], image: string, since: Date): MonthPatched | undefined {
  const own = listPatched(clocks, { image }).filter(({ seenAt }) => seenAt >= since.toISOString());
  if (own.length === 0) return undefined;
  const times = own.flatMap(({ milestones }) => milestones.p90?.seconds ?? []).toSorted((a, b) => a - b);
  const median = times[Math.ceil(times.length / 2) - 1];
  const slowest = times.at(-1);
  return {
    advisories: own.length,
    open: own.length - times.length,
    ...(median !== undefined && slowest !== undefined && { p90: { median, slowest } }),
  };
}

/** `45m`, `3h05m`, `2d4h`: in whole minutes, from one day on in whole hours. */
export function inWords(seconds: number): string {
  const minutes = Math.round(Math.abs(seconds) / 60);
  const sign = seconds < 0 && minutes > 0 ? "-" : "";
  if (minutes < 60) return `${sign}${minutes}m`;
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours < 24) return `${sign}${hours}h${rest > 0 ? `${String(rest).padStart(2, "0")}m` : ""}`;
  const left = hours % 24;
  return `${sign}${Math.floor(hours / 24)}d${left > 0 ? `${left}h` : ""}`;
}
