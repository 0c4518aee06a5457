import { EC2Client } from "@aws-sdk/client-ec2";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { findBuild } from "../../adapters/build/builds.ts";
import { readFindings, readImage } from "../../adapters/build/image-builder.ts";
import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { readAmiCreation, readBilling, readImageSize } from "../../adapters/evidence/ami-facts.ts";
import { recordEvidence } from "../../adapters/evidence/evidence.ts";
import { evidenceKey, findKeptManifest, keepEvidence } from "../../adapters/evidence/evidence-store.ts";
import { isAmiId } from "../../core/build/build-arn.ts";
import { stepEnd, type WorkflowStep } from "../../core/build/workflow-steps.ts";
import { requireSameBilling } from "../../core/evidence/billing-code.ts";
import { type Evidence, type Finding, severities, summariseFindings } from "../../core/evidence/evidence.ts";
import { comparePackages, type Manifest } from "../../core/evidence/manifest.ts";
import { hasUbuntuPro } from "../../core/evidence/ubuntu-pro.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { type AmiId, type ArtifactId, amiId as asAmiId } from "../../events/ids.ts";
import { keepInstances } from "../build/read-outcome.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { putMetrics } from "../monitoring/metrics.ts";
import { promotionInput } from "../promotion/promotion-input.ts";
import { collectCis } from "./collect-cis.ts";
import { collectExploited } from "./collect-exploited.ts";
import { collectTests } from "./collect-tests.ts";
import { collectManifest, collectSbom } from "./collect-uploads.ts";
import { evidenceStoreOf, type Piece, type Subject, type UploadInvocation } from "./piece.ts";

export async function collectEvidence(subject: Subject, invocation: UploadInvocation): Promise<Subject> {
  const { image, build } = subject;
  const truth = await readImage(invocation.client(ImagebuilderClient), build);
  const steps = await keepInstances(build, truth, invocation);
  const tests = collectTests(image, truth, steps, invocation);
  const { findings, ...cve } = await collectFindings(subject, truth.scan, steps, invocation);
  const { manifest, ...packages } = await collectManifest(subject, steps, invocation);
  const { cisResult, ...cis } = await collectCis(subject, steps, invocation);
  const sbom = await collectSbom(subject, steps, invocation);
  const parent = await collectParent(subject, invocation);
  await compareBilling(truth.artifact, parent.ami, invocation);
  const promoted = await findPromoted(image, invocation);
  const difference = await compareManifests(promoted, manifest, invocation);
  const size = await compareSizes({ ...subject, artifact: truth.artifact }, promoted, invocation);
  const evidence: Evidence = {
    collectedAt: invocation.now.toISOString(),
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
  await keepEvidence(evidenceStoreOf(invocation), build, {
    ...evidence,
    findings,
    steps,
    manifest,
    cisResult,
    recipe: truth.recipe,
  });
  await recordEvidence(invocation.ledger, build, evidence);
  measureFindings(invocation.settings.factory.name, image, evidence.cve);
  return { image, build };
}

/** All CVE findings of Inspector's scan of the test instance. */
async function collectFindings(
  { image, build }: Subject,
  scan: string,
  steps: readonly WorkflowStep[],
  invocation: UploadInvocation,
): Promise<Piece<Pick<Evidence, "cve">> & { findings: Finding[] }> {
  const { client, now, settings } = invocation;
  const found = await readFindings(client(ImagebuilderClient), build, {
    ubuntuPro: hasUbuntuPro(settings.factory, image),
  });
  const { findings, ...exploited } = await collectExploited(image, found, invocation);
  const at = stepEnd(steps, "TEST", "CollectImageScanFindings") ?? now.toISOString();
  return {
    findings,
    found: { cve: { scan, ...summariseFindings(findings), ...exploited } },
    sources: [{ piece: "cve", source: "imagebuilder:ListImageScanFindings", at }],
  };
}

/** Writes a CloudWatch metric of a build's remaining findings; none for an incomplete scan. */
function measureFindings(factory: string, image: string, { scan, counts }: Evidence["cve"]): void {
  if (scan !== "COMPLETED") return;
  for (const severity of severities) {
    putMetrics({ factory, image, severity }, { FindingsLeft: counts[severity].all });
  }
}

/** The parent, with its AMI if it is one. */
type Found = Piece<Pick<Evidence, "parent">> & { readonly ami: AmiId | undefined };

/** The build's parent and its creation time, so that its age can be calculated at any decision. */
async function collectParent({ image, build }: Subject, invocation: Invocation<"EVIDENCE_BUCKET">): Promise<Found> {
  const { ledger, settings, client, now } = invocation;
  const record = await findBuild(ledger, image, build);
  const { parent } = requireImage(settings.factory, image);
  const at = now.toISOString();
  if (record?.parentBuild) {
    const known = "image" in parent ? await findBuild(ledger, parent.image, record.parentBuild) : undefined;
    return {
      found: { parent: { build: record.parentBuild, ...(known && { since: known.startedAt }) } },
      sources: [{ piece: "parent", source: "ledger", at }],
      ami: asAmiId.safeParse(known?.amiId).data,
    };
  }
  // Registries do not report since when a tag has its digest.
  const ami = asAmiId.safeParse(record?.base).data;
  if (!ami) return { found: {}, sources: [], ami };
  const since = await readAmiCreation(client(EC2Client), ami);
  return {
    found: { parent: { amiId: ami, ...(since && { since }) } },
    sources: [{ piece: "parent", source: "ec2:DescribeImages", at }],
    ami,
  };
}

/** @throws BillingCodeChanged where the build's billing code differs from its parent's */
async function compareBilling(artifact: ArtifactId | undefined, parent: AmiId | undefined, { client }: Invocation) {
  const built = asAmiId.safeParse(artifact).data;
  if (!built || !parent) return;
  const ec2 = client(EC2Client);
  requireSameBilling("The build's AMI", await readBilling(ec2, built), await readBilling(ec2, parent));
}

/** The image's promoted build: its last channel's; undefined where that is empty. */
async function findPromoted(image: string, { settings, ledger }: Invocation<"EVIDENCE_BUCKET">) {
  const last = requireImage(settings.factory, image).channels.at(-1);
  return last && findChannel(ledger, image, last.name);
}

/** Package differences from the promoted build, if one exists. */
async function compareManifests(
  promoted: ChannelRecord | undefined,
  manifest: Manifest,
  invocation: Invocation<"EVIDENCE_BUCKET">,
): Promise<Piece<Pick<Evidence, "packages" | "packageCountBefore">>> {
  const before = promoted && (await findKeptManifest(evidenceStoreOf(invocation), promoted.build));
  if (!before) return { found: {}, sources: [] };
  const { key, at } = before;
  return {
    found: {
      packages: comparePackages(before.manifest, manifest),
      packageCountBefore: before.manifest.packages.length,
    },
    sources: [{ piece: "difference", source: key, at }],
  };
}

/**
 * The size of the build and of the promoted one: AMIs by EC2's present data, so that the first comparison needs no
 * records; container images by ECR's data from their build.
 */
async function compareSizes(
  { image, build, artifact }: Subject & { readonly artifact: ArtifactId | undefined },
  promoted: ChannelRecord | undefined,
  invocation: Invocation<"EVIDENCE_BUCKET">,
): Promise<Piece<Pick<Evidence, "imageSize">>> {
  const { settings, now } = invocation;
  const isContainer = requireImage(settings.factory, image).kind === "container";
  if (!isContainer && !artifact) return { found: {}, sources: [] };
  const bytes = await readSize({ image, build, artifact }, invocation);
  const other = promoted && { image, build: promoted.build, artifact: promoted.amis[settings.place.region] };
  const bytesBefore = other && (await readSize(other, invocation));
  const before = promoted && { build: promoted.build, ...(bytesBefore && { bytes: bytesBefore }) };
  const source = isContainer ? "ecr:DescribeImages" : "ec2:DescribeSnapshots";
  return {
    found: { imageSize: { ...(bytes && { bytes }), ...(before && { before }) } },
    sources: [{ piece: "size", source, at: now.toISOString() }],
  };
}

const readSize = async (
  { image, build, artifact }: Subject & { readonly artifact: ArtifactId | undefined },
  { client, ledger }: Invocation,
): Promise<number | undefined> =>
  artifact && isAmiId(artifact)
    ? readImageSize(client(EC2Client), artifact)
    : (await findBuild(ledger, image, build))?.bytes;

export const handler = lambda({
  input: promotionInput,
  env: ["EVIDENCE_BUCKET", "AMI_ROLE_ID", "CONTAINER_ROLE_ID", "FEED_MIRRORS"],
  run: collectEvidence,
});
