import { type BuildRecord, listBuilds } from "../../adapters/build/builds.ts";
import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import type { Feed } from "../../core/advisories/feed.ts";
import type { Manifest } from "../../core/evidence/manifest.ts";
import type { Waiver } from "../../core/factory/gate-schema.ts";
import type { Image } from "../../core/factory/image-schema.ts";
import type { UrgentAdvisory } from "../../events/gate.ts";
import type { BuildArn } from "../../events/ids.ts";
import { keptManifests, type ManifestOf } from "../evidence/kept-manifests.ts";
import { evidenceStoreOf } from "../evidence/piece.ts";
import { readWaivers } from "../gate/waivers.ts";
import type { Invocation } from "../invocation.ts";

type WatchInvocation = Invocation<"EVIDENCE_BUCKET" | "FEED_MIRRORS">;

/** An invocation that watches packages, with values that one run reads once for all images. */
export interface WatchRun extends WatchInvocation {
  readonly waivers: () => Promise<readonly Waiver[]>;
  readonly buildsOf: (image: string) => Promise<readonly BuildRecord[]>;
  readonly manifest: ManifestOf;
}

export function toWatchRun(invocation: WatchInvocation): WatchRun {
  const builds = once(() => listBuilds(invocation.ledger));
  return {
    ...invocation,
    waivers: once(() => readWaivers(invocation)),
    buildsOf: async (of) => (await builds()).filter(({ image }) => image === of),
    manifest: keptManifests(evidenceStoreOf(invocation)),
  };
}

/** Reads once; after a failure, the next caller retries. */
function once<Found>(read: () => Promise<Found>): () => Promise<Found> {
  let found: Promise<Found> | undefined;
  return () => {
    found ??= read().catch((failure) => {
      found = undefined;
      throw failure;
    });
    return found;
  };
}

/** An image with watched packages and a promoted build. */
export interface WatchedImage {
  readonly image: string;
  readonly config: Image & { readonly triggers: { readonly packages: NonNullable<Image["triggers"]["packages"]> } };
  /** Its last channel, which determines the promoted build. */
  readonly channel: string;
  readonly promoted: ChannelRecord;
  /** All of them are required for a complete result. */
  readonly feeds: readonly Feed[];
  /** The advisories that were urgent at the last run. */
  readonly urgent: readonly UrgentAdvisory[];
}

/** The packages of a promoted build. @throws LostManifest: its evidence is missing from the bucket */
export async function requireManifest(build: BuildArn, invocation: WatchRun): Promise<Manifest> {
  const manifest = await invocation.manifest(build);
  if (!manifest) throw new LostManifest(build, invocation.settings.env.EVIDENCE_BUCKET);
  return manifest;
}

class LostManifest extends Error {
  override readonly name = "LostManifest";

  constructor(build: BuildArn, bucket: string) {
    super(
      `The evidence of ${build} is missing from the bucket ${bucket}, so its installed packages are unknown; start another build.`,
    );
  }
}
