import type { Image } from "embedded-aws/state";
import { findChannel } from "../../../adapters/channel/channels.ts";
import { listMoves } from "../../../adapters/channel/history.ts";
import { trailOf } from "../../../core/channel/plan-rollback.ts";
import type { AmiId, BuildArn } from "../../../events/ids.ts";
import { CHANNEL, DAY, EVIDENCE_DAYS, IMAGES, KEEP } from "./history-factory.ts";
import type { HistoryWorld } from "./history-world.ts";
import { isThere } from "./truth.ts";

/** A build as the history made it. */
export interface Made {
  readonly image: (typeof IMAGES)[number];
  readonly build: BuildArn;
  readonly version: string;
  readonly startedAt: string;
  readonly parent: BuildArn | undefined;
  readonly amis: Readonly<Record<string, AmiId>>;
  readonly images: readonly Image[];
}

/** Operators' actions, besides the ledger's records. */
export interface Life {
  readonly made: Made[];
  /** Until when, in milliseconds since the epoch. */
  readonly held: Map<BuildArn, number>;
  /** When, in milliseconds since the epoch. */
  readonly revoked: Map<BuildArn, number>;
  /** When a promotion of it failed, in milliseconds since the epoch. */
  readonly failed: Map<BuildArn, number>;
  /** They need approval. */
  readonly asked: Set<BuildArn>;
  /** When retirement or an operator restored it, in milliseconds since the epoch. */
  readonly returned: Map<BuildArn, number>;
  /** They are not promoted and channels are not rolled back to them: retirement refused it. */
  readonly condemned: ReadonlySet<BuildArn>;
}

/** What retirement must leave alone now because of operators' actions: each build with a reason. */
export async function findProtected(world: HistoryWorld, life: Life): Promise<ReadonlyMap<BuildArn, string>> {
  const found = new Map<BuildArn, string>();
  const now = world.clock.now();
  const there = life.made.filter((one) => one.images.some((image) => isThere(world, image)));
  for (const image of IMAGES) {
    const current = await findChannel(world.ledger, image, CHANNEL);
    const trail = current ? trailOf(await listMoves(world.ledger, image, CHANNEL)) : [];
    const back = trail.findLast((build) => build !== current?.build && isUsable(world, life, build));
    if (back) found.set(back, "the channel would go back to it");
    if (current) found.set(current.build, "the channel points at it");
    let newer = 0;
    for (const one of there.filter((other) => other.image === image).toSorted(byStart)) {
      if (newer < KEEP) found.set(one.build, "it is one of the newest");
      if (!life.revoked.has(one.build)) newer++;
    }
  }
  for (const { parent } of there) if (parent) found.set(parent, "a living child is made from it");
  for (const [build, until] of life.held) if (until > now) found.set(build, "it is on hold");
  const lately = (what: string, at: ReadonlyMap<BuildArn, number>) => {
    for (const [build, when] of at) if (when + EVIDENCE_DAYS * DAY > now) found.set(build, `it ${what} lately`);
  };
  lately("was revoked", life.revoked);
  lately("failed to be promoted", life.failed);
  lately("was restored", life.returned);
  for (const build of life.asked) found.set(build, "people are asked for it");
  for (const build of world.promoting) found.set(build, "it is being promoted");
  return found;
}

const byStart = (one: Made, other: Made): number => other.startedAt.localeCompare(one.startedAt);

const isUsable = (world: HistoryWorld, { made, revoked, condemned }: Life, build: BuildArn): boolean => {
  const one = made.find((other) => other.build === build);
  if (!one || revoked.has(build) || condemned.has(build)) return false;
  return one.images.every((image) => isThere(world, image) && image.state === "available");
};
