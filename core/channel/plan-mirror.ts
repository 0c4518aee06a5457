import type { ArtifactId } from "../../events/ids.ts";
import { type Ring, ringAmisOf, ringHeld } from "../rollout/ring.ts";
import { type Held, heldIn, type Pointed, parametersOf } from "./regions.ts";

type Amis = Readonly<Record<string, ArtifactId>>;

/** An account's recorded copies of a channel's parameter. */
interface KnownMirror {
  readonly account: string;
  /** The values of its parameters, by region. */
  readonly amis: Amis;
  /** What failed the last time, in words. */
  readonly failed?: string | undefined;
}

/** What to do in an account. If nothing is left to do and to keep, its record is deleted. */
export interface MirrorTask {
  readonly account: string;
  /** By region. */
  readonly put: Amis;
  /** Regions. */
  readonly remove: readonly string[];
}

interface Wanted {
  /** The accounts that should have copies. */
  readonly accounts: readonly string[];
  /** The values that an account's copies should have, by region; empty if it should have none. */
  readonly amisOf: (account: string) => Amis;
  /** Whether an account belongs to the organization, so that its copies can be removed. */
  readonly isMember: (account: string) => boolean;
  /** Also rewrites copies that are recorded as current, because they may have been overwritten concurrently. */
  readonly all: boolean;
}

/** The changes that accounts' copies of a parameter need, sorted by account. */
export function planMirror(known: readonly KnownMirror[], { accounts, amisOf, isMember, all }: Wanted): MirrorTask[] {
  const byAccount = new Map(known.map((one) => [one.account, one]));
  const reached = new Map(
    accounts.flatMap((account): [string, Amis][] => {
      const amis = amisOf(account);
      return Object.keys(amis).length > 0 ? [[account, amis]] : [];
    }),
  );
  const tasks = [...new Set([...reached.keys(), ...byAccount.keys()])].map((account): MirrorTask => {
    const before = byAccount.get(account);
    const wanted = reached.get(account) ?? {};
    const put = Object.entries(wanted).filter(
      ([region, ami]) => all || before?.failed !== undefined || before?.amis[region] !== ami,
    );
    const extra = Object.keys(before?.amis ?? {}).filter((region) => !wanted[region]);
    return { account, put: Object.fromEntries(put), remove: isMember(account) ? extra : [] };
  });
  return tasks
    .filter(({ account, put, remove }) => !reached.has(account) || Object.keys(put).length + remove.length > 0)
    .toSorted((a, b) => (a.account < b.account ? -1 : 1));
}

/** Accounts are compared in turn, because each costs a session and a call per region: every account once in this many days. */
const TURNS = 7;
const DAY_MS = 86_400_000;

/** Whether it is an account's turn to have its parameters compared with the ledger, although nothing changed. */
export const isComparedToday = (account: string, now: Date): boolean =>
  Number(account) % TURNS === Math.floor(now.getTime() / DAY_MS) % TURNS;

/** The source of copies: a channel, or one of its rings. */
export interface MirrorSource {
  readonly amisOf: (account: string) => Amis;
  readonly heldAt: (account: string, region: string) => Held | undefined;
}

/** Every account has the channel's values. */
export function channelSource(pointed: Pointed | undefined): MirrorSource {
  const amis = parametersOf(pointed);
  return { amisOf: () => amis, heldAt: (_, region) => heldIn(pointed, region) };
}

/** Accounts differ while a roll-out moves the ring. */
export const ringSource = (ring: Ring | undefined): MirrorSource => ({
  amisOf: (account) => (ring ? ringAmisOf(ring, account) : {}),
  heldAt: (account, region) => ring && ringHeld(ring, account, region),
});
