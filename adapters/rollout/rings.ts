import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import type { Ring } from "../../core/rollout/ring.ts";
import { isRingUnused } from "../../core/rollout/ring-use.ts";
import { artifactId, buildArn } from "../../events/ids.ts";
import { regionsBehind } from "../channel/channels.ts";
import { itemRead, type LedgerRead, read } from "../ledger/reads.ts";
import { absent, type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const ringWriter = /* @__PURE__ */ writer("ring");

const version = z.object({
  build: buildArn,
  amis: z.record(z.string(), artifactId),
  behind: regionsBehind.optional(),
});
/** `<account>/<region>` */
const places = z.array(z.string());

const ring = z.object({
  from: version,
  to: version.extend({ everywhere: z.boolean(), places }).optional(),
  apart: z.array(version.omit({ behind: true }).extend({ places })).optional(),
  rollout: z.string().optional(),
  /** Increases with each change, even with clock skew. */
  movedAt: z.iso.datetime(),
});

export type RingRecord = z.output<typeof ring>;

/** A wave of a channel. */
export interface RingOf {
  readonly image: string;
  readonly channel: string;
  readonly wave: string;
}

const key = ({ image, channel, wave }: RingOf) => keyOf("ring", { image, channel, wave });

export const ringOf = (at: RingOf): LedgerRead<RingRecord | undefined> => itemRead(key(at), ring);

export const findRing = (ledger: Ledger, at: RingOf): Promise<RingRecord | undefined> => read(ledger, ringOf(at));

/** Of a channel, an image, or all; includes those of waves that were removed from the config. */
export async function listRings(
  ledger: Ledger,
  of: { readonly image?: string; readonly channel?: string } = {},
): Promise<(RingOf & { readonly ring: RingRecord })[]> {
  const items = await query(ledger, below("ring", of));
  return items.map((item) => {
    const [image = "", channel = "", wave = ""] = String(item.sk).split("#");
    return { image, channel, wave, ring: ring.parse(item) };
  });
}

/**
 * Compare-and-set.
 * @param expected the record that `next` is based on; undefined: none
 * @returns the new record, undefined where it was not as expected
 */
export async function putRing(
  ledger: Ledger,
  at: RingOf,
  { expected, next, now }: { readonly expected: RingRecord | undefined; readonly next: Ring; readonly now: Date },
): Promise<RingRecord | undefined> {
  const least = expected ? Date.parse(expected.movedAt) + 1 : 0;
  const record = ring.parse({ ...next, movedAt: new Date(Math.max(now.getTime(), least)).toISOString() });
  return (await ringWriter.put(ledger, key(at), record, asExpected(expected))) ? record : undefined;
}

/** @returns false where it is not as expected */
export const removeRing = (ledger: Ledger, at: RingOf, expected: RingRecord): Promise<boolean> =>
  ringWriter.remove(ledger, key(at), asExpected(expected));

const asExpected = (expected: RingRecord | undefined) =>
  expected ? { expression: "movedAt = :movedAt", values: { ":movedAt": expected.movedAt } } : absent;

const lastRollout = z.object({
  id: z.string(),
  state: z.string(),
  steps: z.array(z.object({ waves: z.array(z.string()) })),
});
const rolledOut = z.object({
  wave: z.string(),
  how: z.object({ mode: z.string(), ring: z.string().optional() }).optional(),
});

/** Whether it is certain that no group uses the ring of a wave that was removed from the config. */
export async function isUnused(ledger: Ledger, { image, channel, wave }: RingOf): Promise<boolean> {
  const last = await read(ledger, itemRead(keyOf("rollout", { image, channel }), lastRollout));
  const targets = last ? await query(ledger, below("rolloutTarget", { image, channel, rollout: last.id })) : [];
  return isRingUnused(
    wave,
    last,
    targets.map((item) => rolledOut.parse(item)),
  );
}
