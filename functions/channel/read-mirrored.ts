import * as z from "zod";
import { type ChannelRecord, channelOf, findChannel } from "../../adapters/channel/channels.ts";
import { type LedgerRead, mapRead } from "../../adapters/ledger/reads.ts";
import { isUnused, listRings, type RingOf, removeRing, ringOf } from "../../adapters/rollout/rings.ts";
import { type ConsumerTry, listRingTries, listTries, type MirrorOf } from "../../adapters/share/consumer-tries.ts";
import {
  channelSource,
  type MirrorSource,
  type MirrorTask,
  planMirror,
  ringSource,
} from "../../core/channel/plan-mirror.ts";
import { findConsumers } from "../../core/organization/consumer-accounts.ts";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import type { Invocation, Settings } from "../invocation.ts";
import type { ChannelOf } from "./in-all-regions.ts";
import { keepEach, wavesOf } from "./keep-ring.ts";

/** Rings are compared in all accounts, or only in those whose turn it is today. */
export const comparedRings = z.enum(["all", "turn"]);
export type ComparedRings = z.output<typeof comparedRings>;

/** The ledger's records of a parameter that is written to consumer accounts. */
export interface Mirrored {
  readonly source: MirrorSource;
  readonly known: readonly ConsumerTry[];
}

/** The same, with what its writer needs. */
export interface MirrorReading extends Mirrored {
  readonly at: MirrorOf;
  /** Changes with each move. */
  readonly version: LedgerRead<string | undefined>;
  /** The version that was read. */
  readonly seen: string | undefined;
  /** Runs once all accounts are done. */
  readonly atEnd: () => Promise<void>;
}

type Reading = Pick<Invocation, "ledger" | "settings" | "now">;

/**
 * A channel's copy and its rings; with `wave`, that ring alone; with `rings`, all rings alone.
 * @throws RingContested
 */
export async function readMirrored(
  { image, channel, wave, rings }: MirrorOf & { readonly rings?: ComparedRings | undefined },
  invocation: Reading,
): Promise<MirrorReading[]> {
  const { ledger } = invocation;
  const at = { image, channel };
  const pointed = await findChannel(ledger, image, channel);
  const read = await readRings(at, { pointed, wave }, invocation);
  if (wave !== undefined || rings) return read;
  const copy: MirrorReading = {
    at,
    source: channelSource(pointed),
    known: await listTries(ledger, at),
    version: mapRead(channelOf(image, channel), moveOf),
    seen: moveOf(pointed),
    atEnd: async () => {},
  };
  return [copy, ...read];
}

const moveOf = (pointed: ChannelRecord | undefined) => pointed && `${pointed.movedAt} ${pointed.changedAt}`;

interface OfChannel {
  readonly pointed: ChannelRecord | undefined;
  /** Default: all. */
  readonly wave: string | undefined;
}

/** A channel's rings, with a few reads for all of them. */
async function readRings(
  channel: ChannelOf,
  { pointed, wave: only }: OfChannel,
  invocation: Reading,
): Promise<MirrorReading[]> {
  const { ledger, settings } = invocation;
  const recorded = new Map((await listRings(ledger, channel)).map(({ wave, ring }) => [wave, ring] as const));
  const waves = new Set(only === undefined ? [...wavesOf(channel, settings), ...recorded.keys()] : [only]);
  if (waves.size === 0) return [];
  const tries = await listRingTries(ledger, channel);
  const kept = await keepEach(channel, { waves, recorded, pointed }, invocation);
  return Promise.all(
    [...kept].map(async ([wave, ring]): Promise<MirrorReading> => {
      const at = { ...channel, wave };
      const unused = await isLeft(at, invocation);
      return {
        at,
        source: ringSource(unused ? undefined : ring),
        known: tries.get(wave) ?? [],
        version: mapRead(ringOf(at), (now) => now?.movedAt),
        seen: ring?.movedAt,
        atEnd: async () => {
          // An account where the parameter could not be removed is retried.
          if (unused && ring && (await listTries(ledger, at)).length === 0) await removeRing(ledger, at, ring);
        },
      };
    }),
  );
}

/** Whether the config no longer has the wave, and no group uses its ring. */
const isLeft = async (at: RingOf, { ledger, settings }: Reading): Promise<boolean> =>
  !wavesOf(at, settings).includes(at.wave) && (await isUnused(ledger, at));

/**
 * What accounts lack according to the ledger, without entering them. A ring whose wave was removed from the config
 * stays, because launch templates may name its parameter.
 */
export function findMirrorTasks(
  { all, ...at }: MirrorOf & { readonly all: boolean },
  { source, known }: Mirrored,
  tree: OrganizationTree,
  settings: Pick<Settings, "factory" | "place">,
): MirrorTask[] {
  const members = new Set(tree.accounts.filter(({ active }) => active).map(({ id }) => id));
  return planMirror(known, {
    accounts: accountsOf(at, known, tree, settings),
    amisOf: source.amisOf,
    isMember: (account) => members.has(account),
    all,
  });
}

function accountsOf(
  at: MirrorOf,
  known: Mirrored["known"],
  tree: OrganizationTree,
  { factory, place }: Pick<Settings, "factory" | "place">,
): string[] {
  const { image, channel, wave } = at;
  if (wave !== undefined && !wavesOf(at, { factory }).includes(wave)) return known.map(({ account }) => account);
  // A channel that was removed from the config reaches no account.
  const share = factory.images[image]?.channels.find(({ name }) => name === channel)?.share;
  return share && factory.consumers?.mirror ? findConsumers(share, tree, factory, place.account) : [];
}
