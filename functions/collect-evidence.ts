import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { S3Client } from "@aws-sdk/client-s3";
import {
  type EvidenceStore,
  evidenceKey,
  keepEvidence,
  readKeptManifest,
  readManifest,
} from "../adapters/evidence-store.ts";
import { readFindings, readImage, readWorkflowSteps } from "../adapters/image-builder.ts";
import { findChannel } from "../adapters/ledger/channels.ts";
import { recordEvidence } from "../adapters/ledger/evidence.ts";
import { type Evidence, summariseFindings } from "../core/evidence.ts";
import { comparePackages, type Manifest } from "../core/manifest.ts";
import { requireImage } from "../core/require-image.ts";
import { buildInstanceId, testSteps } from "../core/workflow-steps.ts";
import { lambda } from "./lib/lambda.ts";
import { promotionInput } from "./lib/promotion-input.ts";
import type { Step } from "./lib/step.ts";

const clients = () => ({ imageBuilder: new ImagebuilderClient({}), s3: new S3Client({}) });
type CollectStep = Step<"EVIDENCE_BUCKET", ReturnType<typeof clients>>;

export const handler = lambda({
  input: promotionInput,
  env: ["EVIDENCE_BUCKET"],
  clients,
  async run({ image, build }, step) {
    const { imageBuilder } = step.clients;
    const store = { client: step.clients.s3, bucket: step.settings.env.EVIDENCE_BUCKET };
    const truth = await readImage(imageBuilder, build);
    const steps = await readWorkflowSteps(imageBuilder, build);
    const findings = await readFindings(imageBuilder, build);
    const manifest = await readBuildManifest(store, buildInstanceId(steps));
    const before = await readPromotedManifest(image, store, step);
    const evidence: Evidence = {
      collectedAt: step.now.toISOString(),
      tests: testSteps(steps),
      cve: { scan: truth.scan, ...summariseFindings(findings) },
      packageCount: manifest.packages.length,
      ...(before && { packages: comparePackages(before, manifest) }),
      key: evidenceKey(build),
    };
    await keepEvidence(store, build, { ...evidence, findings, steps, manifest });
    await recordEvidence(step.ledger, build, evidence);
    return { image, build };
  },
});

/** The build left no manifest: our component did not run, so nobody knows what is in the image. */
export class NoManifest extends Error {
  override readonly name = "NoManifest";
  readonly code = "NO_MANIFEST";

  constructor(instanceId: string | undefined) {
    super(
      instanceId
        ? `The build's instance ${instanceId} uploaded no package manifest; the recipe's package-manifest component does that.`
        : "Image Builder names no instance that the build workflow launched, so its package manifest cannot be found.",
    );
  }
}

async function readBuildManifest(store: EvidenceStore, instanceId: string | undefined): Promise<Manifest> {
  const manifest = instanceId ? await readManifest(store, instanceId) : undefined;
  if (!manifest) throw new NoManifest(instanceId);
  return manifest;
}

/** The manifest of the build that the image's last channel points at. */
async function readPromotedManifest(image: string, store: EvidenceStore, { settings, ledger }: CollectStep) {
  const last = requireImage(settings.factory, image).channels.at(-1);
  const promoted = last && (await findChannel(ledger, image, last.name));
  return promoted && (await readKeptManifest(store, promoted.build));
}
