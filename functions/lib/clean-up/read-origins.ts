import type { BuildRecord } from "../../../adapters/ledger/builds.ts";
import { findGate } from "../../../adapters/ledger/evidence.ts";
import { findFailedPromotion } from "../../../adapters/ledger/failed-promotions.ts";
import { listMoves } from "../../../adapters/ledger/history.ts";
import { type ImageState, readImageStates } from "../../../adapters/ledger/image-state.ts";
import { listKnownImages } from "../../../adapters/ledger/leftovers.ts";
import { type CopyRecord, findMoves, findShares, isUndone, listCopies } from "../../../adapters/ledger/promotion.ts";
import { findRevocation } from "../../../adapters/ledger/revocations.ts";
import { IMAGE_RESOURCE } from "../../../adapters/leftovers.ts";
import { listPromoting } from "../../../adapters/running-promotions.ts";
import { buildVersion } from "../../../core/build-arn.ts";
import type { FoundAmi, Origin } from "../../../core/clean-up/plan-clean-up.ts";
import { type Leftover, whyLeftover } from "../../../core/clean-up/why-leftover.ts";
import type { ArtifactId, BuildArn } from "../../../events/ids.ts";
import type { CleanUpStep } from "./clean-up-step.ts";

/** A build that the ledger knows, its AMI in the build region, and its copies. */
export interface BuildOrigin extends Origin {
  readonly amiId: ArtifactId | undefined;
  readonly copies: readonly CopyRecord[];
}

interface Circumstances {
  readonly promoting: ReadonlySet<BuildArn>;
  /** What a channel of the image pointed at, ever. */
  readonly promoted: ReadonlySet<BuildArn>;
  readonly claimed: BuildArn | undefined;
}

/**
 * Every build that the ledger knows, of images that the config has no more, too. Whatever cannot be read is an error:
 * what is not known to be unwanted is wanted.
 */
export async function readOrigins(step: CleanUpStep): Promise<BuildOrigin[]> {
  const { ledger, clients, settings } = step;
  const states = await readImageStates(ledger, await listKnownImages(ledger));
  const promoting = await listPromoting(clients.promotions, settings.env.PROMOTION_ARN);
  const origins: BuildOrigin[] = [];
  for (const [image, state] of states) {
    const promoted = await listPromoted(image, state, step);
    for (const record of state.builds) {
      const circumstances = { promoting, promoted, claimed: state.claim?.build };
      const leftover = await findLeftover(record, circumstances, step);
      const { build, amiId } = record;
      origins.push({ image, build, leftover, amiId, copies: await listCopies(ledger, build) });
    }
  }
  return origins;
}

async function listPromoted(
  image: string,
  state: ImageState,
  { ledger, settings }: CleanUpStep,
): Promise<ReadonlySet<BuildArn>> {
  const configured = (settings.factory.images[image]?.channels ?? []).map(({ name }) => name);
  const moves = await Promise.all(
    [...new Set([...configured, ...Object.keys(state.channels)])].map((channel) => listMoves(ledger, image, channel)),
  );
  const pointed = Object.values(state.channels).map(({ build }) => build);
  return new Set([...pointed, ...moves.flat().flatMap(({ build }) => build ?? [])]);
}

async function findLeftover(
  { build, status, startedAt, endedAt }: BuildRecord,
  { promoting, promoted, claimed }: Circumstances,
  { ledger }: CleanUpStep,
): Promise<Leftover | undefined> {
  if (promoted.has(build)) return undefined;
  const [gate, undone, failed, moves, shares, revoked] = await Promise.all([
    findGate(ledger, build),
    isUndone(ledger, build),
    findFailedPromotion(ledger, build),
    findMoves(ledger, build),
    findShares(ledger, build),
    findRevocation(ledger, build),
  ]);
  return whyLeftover({
    status,
    verdict: gate?.verdict,
    undone,
    promoting: promoting.has(build),
    promoted: moves.length > 0,
    shared: shares.length > 0,
    revoked: revoked !== undefined,
    claimed: claimed === build,
    moments: [startedAt, endedAt, gate?.decidedAt, failed?.at].filter((at) => at !== undefined),
  });
}

/**
 * Which build an AMI is of: by the image resource that Image Builder says made it, by what the ledger knows of it, or
 * by the tags that it got when it was shared.
 */
export function originsByAmi(origins: readonly BuildOrigin[]): (ami: FoundAmi) => BuildOrigin | undefined {
  const byResource = new Map<string, BuildOrigin>();
  const byVersion = new Map<string, BuildOrigin>();
  for (const origin of origins) {
    byVersion.set(`${origin.image} ${buildVersion(origin.build)}`, origin);
    byResource.set(origin.build, origin);
    if (origin.amiId) byResource.set(origin.amiId, origin);
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
