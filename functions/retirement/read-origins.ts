import { SFNClient } from "@aws-sdk/client-sfn";
import type { BuildRecord } from "../../adapters/build/builds.ts";
import { type ImageState, readAllImageStates } from "../../adapters/build/image-state.ts";
import { type MovesOf, readMoves } from "../../adapters/channel/history.ts";
import { gateOf } from "../../adapters/evidence/evidence.ts";
import { type ReadResults, readBatchOf } from "../../adapters/ledger/reads.ts";
import { listPromoting } from "../../adapters/promotion/executions.ts";
import { failedPromotionOf } from "../../adapters/promotion/failed-promotions.ts";
import {
  type CopyRecord,
  findMoves,
  findShares,
  readCopies,
  whetherUndone,
} from "../../adapters/promotion/promotion.ts";
import { IMAGE_RESOURCE } from "../../adapters/retirement/leftovers-in-region.ts";
import { revocationOf } from "../../adapters/revocation/revocations.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { type FoundAmi, type Leftover, type Origin, whyLeftover } from "../../core/retirement/plan-clean-up.ts";
import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";

/** A recorded build, its artifact in the build region, and its copies. */
export interface BuildOrigin extends Origin {
  readonly artifact: ArtifactId | undefined;
  readonly copies: readonly CopyRecord[];
}

/** Records of how a build ended. */
const endingOf = (build: BuildArn) =>
  [gateOf(build), whetherUndone(build), failedPromotionOf(build), revocationOf(build)] as const;

interface Circumstances {
  readonly promoting: boolean;
  readonly claimed: boolean;
  readonly end: ReadResults<ReturnType<typeof endingOf>>;
}

/**
 * Every build in the ledger, including those of images that the config no longer has. Any read failure is an error: a
 * build counts as in use until it is known to be unused.
 */
export async function readOrigins(invocation: Invocation<"PROMOTION_ARN">): Promise<BuildOrigin[]> {
  const { ledger, client, settings } = invocation;
  const states = await readAllImageStates(ledger);
  const promoting = await listPromoting(client(SFNClient), settings.env.PROMOTION_ARN);
  const promotedOf = new Map<string, ReadonlySet<BuildArn>>();
  const movesOf = await readMoves(ledger);
  for (const [image, state] of states) promotedOf.set(image, listPromoted(image, state, movesOf, invocation));
  const isPromoted = ({ image, build }: BuildRecord): boolean => promotedOf.get(image)?.has(build) ?? false;
  const ends = await readBatchOf(
    ledger,
    [...states.values()].flatMap(({ builds }) => builds.filter((one) => !isPromoted(one)).map(({ build }) => build)),
    endingOf,
  );
  const copiesOf = await readCopies(ledger);
  const origins: BuildOrigin[] = [];
  for (const [image, state] of states) {
    for (const record of state.builds) {
      const end = ends.get(record.build);
      const circumstances = { promoting: promoting.has(record.build), claimed: state.claim?.build === record.build };
      const leftover = end && (await findLeftover(record, { ...circumstances, end }, invocation));
      const { build, amiId: artifact } = record;
      origins.push({ image, build, leftover, artifact, copies: copiesOf(build) });
    }
  }
  return origins;
}

function listPromoted(
  image: string,
  state: Pick<ImageState, "channels">,
  movesOf: MovesOf,
  { settings }: Invocation<"PROMOTION_ARN">,
): ReadonlySet<BuildArn> {
  const configured = (settings.factory.images[image]?.channels ?? []).map(({ name }) => name);
  const moves = [...new Set([...configured, ...Object.keys(state.channels)])].flatMap((channel) =>
    movesOf(image, channel, state.channels[channel]),
  );
  const pointed = Object.values(state.channels).map(({ build }) => build);
  return new Set([...pointed, ...moves.flatMap(({ build }) => build ?? [])]);
}

/** @param record a build that no channel ever pointed at */
async function findLeftover(
  { build, status, startedAt, endedAt }: BuildRecord,
  { promoting, claimed, end: [gate, undone, failed, revoked] }: Circumstances,
  { ledger }: Invocation,
): Promise<Leftover | undefined> {
  const facts = {
    status,
    verdict: gate?.verdict,
    undone,
    promoting,
    promoted: false,
    shared: false,
    revoked: revoked !== undefined,
    claimed,
    moments: [startedAt, endedAt, gate?.decidedAt, failed?.at].filter((at) => at !== undefined),
  };
  // Its moves and shares matter only if nothing else keeps it.
  if (!whyLeftover(facts)) return undefined;
  const [moves, shares] = await Promise.all([findMoves(ledger, build), findShares(ledger, build)]);
  return whyLeftover({ ...facts, promoted: moves.length > 0, shared: shares.length > 0 });
}

/**
 * Finds the build of an AMI: by the image resource that made it (Image Builder's tag), by the ledger, or by the tags
 * from when it was shared.
 */
export function originsByAmi(origins: readonly BuildOrigin[]): (ami: FoundAmi) => BuildOrigin | undefined {
  const byResource = new Map<string, BuildOrigin>();
  const byVersion = new Map<string, BuildOrigin>();
  for (const origin of origins) {
    byVersion.set(`${origin.image} ${buildVersion(origin.build)}`, origin);
    byResource.set(origin.build, origin);
    if (origin.artifact) byResource.set(origin.artifact, origin);
    for (const { copy, amiId } of origin.copies) {
      byResource.set(copy, origin);
      if (amiId) byResource.set(amiId, origin);
    }
  }
  return ({ amiId, tags }) =>
    byResource.get(tags[IMAGE_RESOURCE] ?? "") ??
    byResource.get(amiId) ??
    byVersion.get(`${tags["amint:image"]} ${tags["amint:build"]}`);
}
