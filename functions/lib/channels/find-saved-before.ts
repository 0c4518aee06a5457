import * as z from "zod";
import { permission } from "../../../adapters/ledger/promotion.ts";
import { type Ledger, query } from "../../../adapters/ledger/table.ts";
import type { LaunchPermission } from "../../../core/launch-permission.ts";
import type { ArtifactId, BuildArn } from "../../../events/ids.ts";

const saved = z.object({ amiId: z.string(), permission });

/**
 * Who could launch an AMI when the build was withdrawn for the last time. A revocation that a restoration overtook may
 * have died after it had disabled the AMI: the one that follows finds nothing else to save.
 */
export async function findSavedBefore(
  ledger: Ledger,
  build: BuildArn,
  ami: ArtifactId,
): Promise<LaunchPermission | undefined> {
  // By the moment of the revocation, so the newest is the last.
  const items = (await query(ledger, `BUILD#${build}`, "WITHDRAWN#")).map((item) => saved.parse(item));
  return items.findLast(({ amiId }) => amiId === ami)?.permission;
}
