import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { findRing, isUnused, listRings, type RingOf, removeRing } from "../../adapters/rollout/rings.ts";
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
import { keepEach, keepRing, wavesOf } from "./keep-ring.ts";

/** The ledger's records of a parameter that is written to consumer accounts. */
export interface Mirrored {
  readonly source: MirrorSource;
  readonly known: readonly ConsumerTry[];
}

/** The same, with what its writer needs. */
export interface MirrorReading extends Mirrored {
  /** Whether the ledger is unchanged since. */
  readonly isCurrent: () => Promise<boolean>;
  /** Runs once all accounts are done. */
  readonly atEnd: () => Promise<void>;
}

type Reading = Pick<Invocation, "ledger" | "settings" | "now">;

/** @throws RingContested */
export async function readMirrored(at: MirrorOf, invocation: Reading): Promise<MirrorReading> {
  const { wave, ...channel } = at;
  const known = await listTries(invocation.ledger, at);
  return {
    ...(wave === undefined ? await readChannel(channel, invocation) : await readRing({ ...channel, wave }, invocation)),
    known,
  };
}

async function readChannel({ image, channel }: MirrorOf, { ledger }: Reading) {
  const pointed = await findChannel(ledger, image, channel);
  const isCurrent = async () => sameMove(await findChannel(ledger, image, channel), pointed);
  return { source: channelSource(pointed), isCurrent, atEnd: async () => {} };
}

const sameMove = (one: ChannelRecord | undefined, other: ChannelRecord | undefined): boolean =>
  one?.movedAt === other?.movedAt && one?.changedAt === other?.changedAt;

/**
 * A channel's rings, with a few reads for all of them.
 * @throws RingContested
 */
export async function readRings(
  channel: Omit<RingOf, "wave">,
  invocation: Reading,
): Promise<(Mirrored & { readonly at: RingOf })[]> {
  const { image, channel: name } = channel;
  const recorded = await listRings(invocation.ledger, { image, channel: name });
  const waves = new Set([...wavesOf(channel, invocation.settings), ...recorded.map(({ wave }) => wave)]);
  if (waves.size === 0) return [];
  const tries = await listRingTries(invocation.ledger, { image, channel: name });
  const rings = recorded.map(({ wave, ring }) => [wave, ring] as const);
  const kept = await keepEach({ image, channel: name }, { waves, recorded: new Map(rings) }, invocation);
  return Promise.all(
    [...kept].map(async ([wave, ring]) => {
      const at = { image, channel: name, wave };
      return {
        at,
        source: ringSource((await isLeft(at, invocation)) ? undefined : ring),
        known: tries.get(wave) ?? [],
      };
    }),
  );
}

/** Whether the config no longer has the wave, and no group uses its ring. */
const isLeft = async (at: RingOf, { ledger, settings }: Reading): Promise<boolean> =>
  !wavesOf(at, settings).includes(at.wave) && (await isUnused(ledger, at));

async function readRing(at: RingOf, invocation: Reading) {
  const { ledger } = invocation;
  const ring = await keepRing(at, invocation);
  const unused = await isLeft(at, invocation);
  return {
    source: ringSource(unused ? undefined : ring),
    isCurrent: async () => (await findRing(ledger, at))?.movedAt === ring?.movedAt,
    atEnd: async () => {
      // An account where the parameter could not be removed is retried.
      if (unused && ring && (await listTries(ledger, at)).length === 0) await removeRing(ledger, at, ring);
    },
  };
}

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
