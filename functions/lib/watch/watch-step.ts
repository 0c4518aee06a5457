import { S3Client } from "@aws-sdk/client-s3";
import { readKeptManifest } from "../../../adapters/evidence-store.ts";
import type { ChannelRecord } from "../../../adapters/ledger/channels.ts";
import type { ImageState } from "../../../adapters/ledger/image-state.ts";
import type { Image } from "../../../core/factory/image-schema.ts";
import type { Manifest } from "../../../core/manifest.ts";
import type { Feed } from "../../../core/packages/feed.ts";
import type { BuildArn } from "../../../events/ids.ts";
import { makeClient } from "../clients.ts";
import type { Step } from "../step.ts";

export const watchClients = () => ({ s3: makeClient(S3Client, {}) });

/** What watching packages is given. */
export type WatchStep = Step<"EVIDENCE_BUCKET" | "FEED_MIRRORS", ReturnType<typeof watchClients>>;

/** An image whose packages are watched, and which has a promoted build. */
export interface WatchedImage {
  readonly image: string;
  readonly config: Image & { readonly triggers: { readonly packages: NonNullable<Image["triggers"]["packages"]> } };
  readonly state: ImageState;
  /** Its last channel, whose build is the one that counts. */
  readonly channel: string;
  readonly promoted: ChannelRecord;
  /** All of them have to be read to know everything. */
  readonly feeds: readonly Feed[];
}

/** What is installed in a promoted build. @throws LostManifest: its evidence was removed from the bucket */
export async function requireManifest(build: BuildArn, step: WatchStep): Promise<Manifest> {
  const manifest = await findManifest(build, step);
  if (!manifest) throw new LostManifest(build, step.settings.env.EVIDENCE_BUCKET);
  return manifest;
}

/** Undefined where no evidence was kept (yet). */
export const findManifest = (build: BuildArn, { clients, settings }: WatchStep): Promise<Manifest | undefined> =>
  readKeptManifest({ client: clients.s3, bucket: settings.env.EVIDENCE_BUCKET }, build);

class LostManifest extends Error {
  override readonly name = "LostManifest";
  readonly code = "LOST_MANIFEST";

  constructor(build: BuildArn, bucket: string) {
    super(`The evidence of ${build} is gone from the bucket ${bucket}, so nobody knows what is installed in it.`);
  }
}
