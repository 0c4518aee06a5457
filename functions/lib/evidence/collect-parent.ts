import { EC2Client } from "@aws-sdk/client-ec2";
import { readAmiCreation } from "../../../adapters/ami-creation.ts";
import { findBuild } from "../../../adapters/ledger/builds.ts";
import type { Evidence } from "../../../core/evidence.ts";
import { requireImage } from "../../../core/require-image.ts";
import { amiId as asAmiId } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import type { Piece, Subject } from "./piece.ts";

type Found = Piece<Pick<Evidence, "parent">>;

/** What the build started from and since when that is there, so that its age can be told whenever somebody decides. */
export async function collectParent({ image, build }: Subject, step: Step<"EVIDENCE_BUCKET">): Promise<Found> {
  const { ledger, settings, client, now } = step;
  const record = await findBuild(ledger, image, build);
  const { parent } = requireImage(settings.factory, image);
  const at = now.toISOString();
  if (record?.parentBuild) {
    const known = "image" in parent ? await findBuild(ledger, parent.image, record.parentBuild) : undefined;
    return {
      found: { parent: { build: record.parentBuild, ...(known && { since: known.startedAt }) } },
      sources: [{ piece: "parent", source: "ledger", at }],
    };
  }
  // Nobody tells since when a registry's tag means what it means.
  const amiId = asAmiId.safeParse(record?.base).data;
  if (!amiId) return { found: {}, sources: [] };
  const since = await readAmiCreation(client(EC2Client), amiId);
  return {
    found: { parent: { amiId, ...(since && { since }) } },
    sources: [{ piece: "parent", source: "ec2:DescribeImages", at }],
  };
}
