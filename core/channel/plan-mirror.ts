import type { ArtifactId } from "../../events/ids.ts";
import { type Ring, ringAmisOf, ringHeld } from "../rollout/ring.ts";
import { type Held, heldIn, type Pointed, parametersOf } from "./held-regions.ts";

type Amis = Readonly<Record<string, ArtifactId>>;

/** What is known of an account's copies of a channel's parameter. */
interface KnownMirror {
  readonly account: string;
  /** What its parameters say, by region. */
  readonly amis: Amis;
  /** What did not succeed the last time, in words. */
  readonly failed?: string | undefined;
}

/** What to do in an account; where there is nothing to do, nothing has to be known of it any more. */
export interface MirrorTask {
  readonly account: string;
  /** By region. */
  readonly put: Amis;
  /** Regions. */
  readonly remove: readonly string[];
}

interface Wanted {
  /** The accounts that are to have copies. */
  readonly accounts: readonly string[];
  /** What an account's copies are to say, by region; nothing where it is to have none. */
  readonly amisOf: (account: string) => Amis;
  /** Whether an account is one of the organization's, so that something could be removed there. */
  readonly isMember: (account: string) => boolean;
  /** Also what is known to be right is looked at: somebody else may have written at the same moment. */
  readonly all: boolean;
}

/** What differs between accounts' copies of a parameter and what they are to say, account by account in order. */
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

/** What copies are made of: a channel, or one of its rings. */
export interface MirrorSource {
  readonly amisOf: (account: string) => Amis;
  readonly heldAt: (account: string, region: string) => Held | undefined;
}

/** Every account has what the channel has. */
export function channelSource(pointed: Pointed | undefined): MirrorSource {
  const amis = parametersOf(pointed);
  return { amisOf: () => amis, heldAt: (_, region) => heldIn(pointed, region) };
}

/** Accounts differ while a roll-out moves the ring. */
export const ringSource = (ring: Ring | undefined): MirrorSource => ({
  amisOf: (account) => (ring ? ringAmisOf(ring, account) : {}),
  heldAt: (account, region) => ring && ringHeld(ring, account, region),
});
