import type { S3Client } from "@aws-sdk/client-s3";
import { type EvidenceStore, readKeptManifest } from "../../adapters/evidence/evidence-store.ts";
import type { Manifest } from "../../core/evidence/manifest.ts";
import type { BuildArn } from "../../events/ids.ts";
import { finalAnswers } from "../final-answers.ts";

/** A build's packages; undefined where no evidence is stored (yet). */
export type ManifestOf = (build: BuildArn) => Promise<Manifest | undefined>;

/** Manifests in memory: those of the builds that channels point at, and a few more. */
const MOST_KEPT = 32;
const kept = finalAnswers<S3Client, BuildArn, Manifest | undefined>(MOST_KEPT, (manifest) => manifest !== undefined);

export const keptManifests =
  (store: EvidenceStore): ManifestOf =>
  (build) =>
    kept(store.client, build, () => readKeptManifest(store, build));
