import { LambdaClient } from "@aws-sdk/client-lambda";
import { invokeLater } from "../../adapters/functions.ts";
import { findRing, listRings, putRing } from "../../adapters/rollout/rings.ts";
import type { RolloutRecord } from "../../core/rollout/records.ts";
import { beginRing, moveRingEverywhere, type Ring, returnRing, sayTheSame } from "../../core/rollout/ring.ts";
import type { Invocation } from "../invocation.ts";
import type { ChannelOf } from "./open-roll-out.ts";

/** Changes a wave's ring if it exists. @returns the ring before and after, if it changed */
export async function changeRing(
  at: ChannelOf & { readonly wave: string },
  { ledger, now }: Pick<Invocation, "ledger" | "now">,
  change: (ring: Ring) => Ring,
): Promise<{ readonly before: Ring; readonly after: Ring } | undefined> {
  for (;;) {
    const before = await findRing(ledger, at);
    if (!before) return undefined;
    const after = change(before);
    if (JSON.stringify(after) === JSON.stringify(before)) return undefined;
    if (await putRing(ledger, at, { expected: before, next: after, now })) return { before, after };
  }
}

type Moving = Invocation<"MIRROR_CHANNEL_FUNCTION">;

/** Invokes the writer of copies that no group of the roll-out waits for. */
const writeLater = ({ image, channel }: ChannelOf, wave: string, { client, settings }: Moving): Promise<void> =>
  invokeLater(client(LambdaClient), settings.env.MIRROR_CHANNEL_FUNCTION, { image, channel, wave, all: false });

/**
 * Lets new instances of these waves start from the roll-out's build, in all accounts and regions. A ring that has its
 * AMIs already got them, and its writer, when the channel got its first build or left a revoked one.
 */
export async function moveRings(
  at: ChannelOf,
  { id, build, amis }: RolloutRecord,
  { waves, invocation }: { readonly waves: readonly string[]; readonly invocation: Moving },
): Promise<void> {
  for (const wave of waves) {
    const changed = await changeRing({ ...at, wave }, invocation, (ring) =>
      moveRingEverywhere(beginRing(ring, { build, amis }, { rollout: id, places: [] })),
    );
    // Unchanged after a crash right after the change.
    if (!changed || !sayTheSame(changed.before, changed.after)) await writeLater(at, wave, invocation);
  }
}

/** Invokes the writer for the rings that a roll-out moved. */
export async function writeRingsOf(at: ChannelOf, rollout: string, invocation: Moving): Promise<void> {
  for (const { wave, ring } of await listRings(invocation.ledger, at)) {
    if (ring.rollout === rollout) await writeLater(at, wave, invocation);
  }
}

/** Lets new instances start from what the rings had before the roll-out. */
export async function returnRings(at: ChannelOf, rollout: string, invocation: Moving): Promise<void> {
  for (const { wave, ring } of await listRings(invocation.ledger, at)) {
    if (ring.rollout !== rollout) continue;
    if (await changeRing({ ...at, wave }, invocation, returnRing)) await writeLater(at, wave, invocation);
  }
}
