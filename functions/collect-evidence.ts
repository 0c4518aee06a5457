import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { evidenceKey, keepEvidence } from "../adapters/evidence-store.ts";
import { readImage } from "../adapters/image-builder.ts";
import { recordEvidence } from "../adapters/ledger/evidence.ts";
import type { Evidence } from "../core/evidence.ts";
import { collectCis } from "./lib/evidence/collect-cis.ts";
import { collectFindings } from "./lib/evidence/collect-findings.ts";
import { collectParent } from "./lib/evidence/collect-parent.ts";
import { collectTests } from "./lib/evidence/collect-tests.ts";
import { collectManifest, collectSbom } from "./lib/evidence/collect-uploads.ts";
import { compareManifests, compareSizes, findPromoted } from "./lib/evidence/compare-with-promoted.ts";
import { evidenceStoreOf } from "./lib/evidence/evidence-store-of.ts";
import { keepInstances } from "./lib/evidence/keep-instances.ts";
import type { Subject } from "./lib/evidence/piece.ts";
import { tellFindings } from "./lib/evidence/tell-findings.ts";
import { lambda } from "./lib/lambda.ts";
import { promotionInput } from "./lib/promotion-input.ts";
import type { Step } from "./lib/step.ts";

export const handler = lambda({
  input: promotionInput,
  env: ["EVIDENCE_BUCKET"],
  run: collectEvidence,
});

export async function collectEvidence(subject: Subject, step: Step<"EVIDENCE_BUCKET">): Promise<Subject> {
  const { image, build } = subject;
  const truth = await readImage(step.client(ImagebuilderClient), build);
  const steps = await keepInstances(build, truth, step);
  const tests = collectTests(image, truth, steps, step);
  const { findings, ...cve } = await collectFindings(subject, truth.scan, steps, step);
  const { manifest, ...packages } = await collectManifest(steps, step);
  const { cisResult, ...cis } = await collectCis(subject, steps, step);
  const sbom = await collectSbom(subject, steps, step);
  const parent = await collectParent(subject, step);
  const promoted = await findPromoted(image, step);
  const difference = await compareManifests(promoted, manifest, step);
  const size = await compareSizes({ ...subject, amiId: truth.amiId }, promoted, step);
  const evidence: Evidence = {
    collectedAt: step.now.toISOString(),
    sources: [tests, cve, packages, difference, size, cis, sbom, parent].flatMap(({ sources }) => sources),
    ...tests.found,
    ...cve.found,
    ...packages.found,
    ...difference.found,
    ...size.found,
    ...cis.found,
    ...sbom.found,
    ...parent.found,
    key: evidenceKey(build),
  };
  await keepEvidence(evidenceStoreOf(step), build, { ...evidence, findings, steps, manifest, cisResult });
  await recordEvidence(step.ledger, build, evidence);
  tellFindings(step.settings.factory.name, image, evidence.cve);
  return { image, build };
}
