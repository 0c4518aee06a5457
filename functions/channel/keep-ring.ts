import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { readBatchOf } from "../../adapters/ledger/reads.ts";
import {
  findRing,
  listRings,
  putRing,
  type RingOf,
  type RingRecord,
  removeRing,
} from "../../adapters/rollout/rings.ts";
import { buildsOf, planRing, ringBuilds } from "../../core/rollout/ring.ts";
import type { Invocation, Settings } from "../invocation.ts";
import { findStop, stopping, toStop } from "../promotion/find-stop.ts";
import type { ChannelOf } from "./in-all-regions.ts";

const TRIES = 5;

/** The configured waves that have rings. */
export function wavesOf({ image, channel }: ChannelOf, { factory }: Pick<Settings, "factory">): string[] {
  const config = factory.images[image]?.channels.find(({ name }) => name === channel);
  return factory.consumers?.mirror ? (config?.rollout?.waves ?? []).map(({ name }) => name) : [];
}

/**
 * Creates a missing ring record, and moves a ring off revoked and undone builds. Otherwise only roll-outs move rings.
 * @returns the current record; undefined where the ring has none
 * @throws RingContested
 */
async function keepRing(
  at: RingOf,
  invocation: Pick<Invocation, "ledger" | "settings" | "now">,
): Promise<RingRecord | undefined> {
  const { ledger, settings, now } = invocation;
  const configured = wavesOf(at, settings).includes(at.wave);
  for (let tries = 0; tries < TRIES; tries++) {
    const ring = await findRing(ledger, at);
    const channel = await findChannel(ledger, at.image, at.channel);
    const builds = [...new Set([...(ring ? ringBuilds(ring) : []), ...(channel ? buildsOf(channel) : [])])];
    const stopped = await Promise.all(builds.map(async (build) => (await findStop(ledger, build)) && build));
    const unusable = new Set(stopped.flatMap((build) => build ?? []));
    const next = planRing(ring, { channel, withdrawn: unusable, configured });
    if (next === ring) return ring;
    if (next) {
      const put = await putRing(ledger, at, { expected: ring, next, now });
      if (put) return put;
    } else if (ring && (await removeRing(ledger, at, ring))) return undefined;
  }
  throw new RingContested(at);
}

interface Recorded {
  readonly waves: Iterable<string>;
  readonly recorded: ReadonlyMap<string, RingRecord>;
  readonly pointed: ChannelRecord | undefined;
}

/** The same for several rings of a channel, which were just read with it. Those that do not change cost no call. */
export async function keepEach(
  { image, channel: name }: ChannelOf,
  { waves, recorded, pointed: channel }: Recorded,
  invocation: Pick<Invocation, "ledger" | "settings" | "now">,
): Promise<Map<string, RingRecord | undefined>> {
  const { ledger, settings } = invocation;
  const builds = [...recorded.values()].flatMap(ringBuilds).concat(channel ? buildsOf(channel) : []);
  const stops = await readBatchOf(ledger, builds, stopping);
  const withdrawn = new Set(builds.filter((build) => toStop(build, ...(stops.get(build) ?? [undefined, false]))));
  const kept = new Map<string, RingRecord | undefined>();
  for (const wave of waves) {
    const at = { image, channel: name, wave };
    const ring = recorded.get(wave);
    const next = planRing(ring, { channel, withdrawn, configured: wavesOf(at, settings).includes(wave) });
    kept.set(wave, next === ring ? ring : await keepRing(at, invocation));
  }
  return kept;
}

/** The same for all recorded rings of a channel, after the channel has left a revoked or undone build. */
export async function keepRings({ image, channel }: ChannelOf, invocation: Invocation): Promise<void> {
  for (const { ring: _, ...at } of await listRings(invocation.ledger, { image, channel }))
    await keepRing(at, invocation);
}

/** Other functions changed the ring during each try; it is checked again within the hour. */
class RingContested extends Error {
  override readonly name = "RingContested";

  constructor({ image, channel, wave }: RingOf) {
    super(
      `The ring ${wave} of ${image}'s channel ${channel} changed ${TRIES} times while it was read; it is read again within the hour.`,
    );
  }
}
