import { findKeptManifest } from "../../../adapters/evidence-store.ts";
import { readImageSize } from "../../../adapters/image-size.ts";
import { type ChannelRecord, findChannel } from "../../../adapters/ledger/channels.ts";
import type { Evidence } from "../../../core/evidence.ts";
import { comparePackages, type Manifest } from "../../../core/manifest.ts";
import { isAmiId } from "../../../core/require-ami.ts";
import { requireImage } from "../../../core/require-image.ts";
import type { AmiId } from "../../../events/ids.ts";
import { type EvidenceStep, type Piece, storeOf } from "./evidence-step.ts";

/** Where the image's last channel points; undefined where it points at nothing. */
export async function findPromoted(image: string, { settings, ledger }: EvidenceStep) {
  const last = requireImage(settings.factory, image).channels.at(-1);
  return last && findChannel(ledger, image, last.name);
}

/** What is different from the promoted build; nothing where there is none. */
export async function compareManifests(
  promoted: ChannelRecord | undefined,
  manifest: Manifest,
  step: EvidenceStep,
): Promise<Piece<Pick<Evidence, "packages" | "packageCountBefore">>> {
  const before = promoted && (await findKeptManifest(storeOf(step), promoted.build));
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

/** How large the AMI is, and the promoted build's: both as EC2 says now, so that a first comparison needs no memory. */
export async function compareSizes(
  promoted: ChannelRecord | undefined,
  amiId: AmiId | undefined,
  { clients, settings, now }: EvidenceStep,
): Promise<Piece<Pick<Evidence, "imageSize">>> {
  if (!amiId) return { found: {}, sources: [] };
  const bytes = await readImageSize(clients.ec2, amiId);
  const other = promoted?.amis[settings.place.region];
  const bytesBefore = other && isAmiId(other) ? await readImageSize(clients.ec2, other) : undefined;
  const before = promoted && { build: promoted.build, ...(bytesBefore && { bytes: bytesBefore }) };
  return {
    found: { imageSize: { ...(bytes && { bytes }), ...(before && { before }) } },
    sources: [{ piece: "size", source: "ec2:DescribeSnapshots", at: now.toISOString() }],
  };
}
