import type { S3Client } from "@aws-sdk/client-s3";
import { type EvidenceStore, readKeptManifest } from "../../adapters/evidence/evidence-store.ts";
import type { Manifest } from "../../core/evidence/manifest.ts";
import type { BuildArn } from "../../events/ids.ts";

/** A build's packages; undefined where no evidence is stored (yet). */
export type ManifestOf = (build: BuildArn) => Promise<Manifest | undefined>;

/** Manifests in memory: those of the builds that channels point at, and a few more. */
const MOST_KEPT = 32;
const kept = new WeakMap<S3Client, Map<BuildArn, Promise<Manifest | undefined>>>();

/** Reads each manifest once per execution environment, as it never changes. A missing one is read again. */
export function keptManifests(store: EvidenceStore): ManifestOf {
  const manifests = kept.get(store.client) ?? new Map<BuildArn, Promise<Manifest | undefined>>();
  kept.set(store.client, manifests);
  return async (build) => {
    const reading = manifests.get(build) ?? readKeptManifest(store, build);
    if (manifests.size >= MOST_KEPT) manifests.clear();
    manifests.set(build, reading);
    let found: Manifest | undefined;
    try {
      found = await reading;
      return found;
    } finally {
      if (!found && manifests.get(build) === reading) manifests.delete(build);
    }
  };
}
