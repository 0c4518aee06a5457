import { EC2Client } from "@aws-sdk/client-ec2";
import { findBuild } from "../../adapters/build/builds.ts";
import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { readImageSize } from "../../adapters/evidence/ami-facts.ts";
import { findKeptManifest } from "../../adapters/evidence/evidence-store.ts";
import { isAmiId } from "../../core/build/build-arn.ts";
import type { Evidence } from "../../core/evidence/evidence.ts";
import { comparePackages, type Manifest } from "../../core/evidence/manifest.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import type { ArtifactId } from "../../events/ids.ts";
import type { Step } from "../step.ts";
import { evidenceStoreOf, type Piece, type Subject } from "./piece.ts";

/** The image's promoted build: its last channel's; undefined where that is empty. */
export async function findPromoted(image: string, { settings, ledger }: Step<"EVIDENCE_BUCKET">) {
  const last = requireImage(settings.factory, image).channels.at(-1);
  return last && findChannel(ledger, image, last.name);
}

/** Package differences from the promoted build, if one exists. */
export async function compareManifests(
  promoted: ChannelRecord | undefined,
  manifest: Manifest,
  step: Step<"EVIDENCE_BUCKET">,
): Promise<Piece<Pick<Evidence, "packages" | "packageCountBefore">>> {
  const before = promoted && (await findKeptManifest(evidenceStoreOf(step), promoted.build));
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
export async function compareSizes(
  { image, build, artifact }: Subject & { readonly artifact: ArtifactId | undefined },
  promoted: ChannelRecord | undefined,
  step: Step<"EVIDENCE_BUCKET">,
): Promise<Piece<Pick<Evidence, "imageSize">>> {
  const { settings, now } = step;
  const isContainer = requireImage(settings.factory, image).kind === "container";
  if (!isContainer && !artifact) return { found: {}, sources: [] };
  const bytes = await readSize({ image, build, artifact }, step);
  const other = promoted && { image, build: promoted.build, artifact: promoted.amis[settings.place.region] };
  const bytesBefore = other && (await readSize(other, step));
  const before = promoted && { build: promoted.build, ...(bytesBefore && { bytes: bytesBefore }) };
  const source = isContainer ? "ecr:DescribeImages" : "ec2:DescribeSnapshots";
  return {
    found: { imageSize: { ...(bytes && { bytes }), ...(before && { before }) } },
    sources: [{ piece: "size", source, at: now.toISOString() }],
  };
}

const readSize = async (
  { image, build, artifact }: Subject & { readonly artifact: ArtifactId | undefined },
  { client, ledger }: Step,
): Promise<number | undefined> =>
  artifact && isAmiId(artifact)
    ? readImageSize(client(EC2Client), artifact)
    : (await findBuild(ledger, image, build))?.bytes;
