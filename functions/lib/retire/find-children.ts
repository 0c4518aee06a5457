import { EC2Client } from "@aws-sdk/client-ec2";
import { readAncestors } from "../../../adapters/ancestry.ts";
import type { BuildRecord } from "../../../adapters/ledger/builds.ts";
import { goneOf } from "../../../adapters/ledger/leftovers.ts";
import type { RetiredBuild } from "../../../adapters/ledger/retirements.ts";
import { readEach } from "../../../adapters/ledger/wanted.ts";
import { isAmiId } from "../../../core/require-ami.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";
import { isGone } from "./is-gone.ts";

/**
 * Which builds were made from each build and are there still, as recorded, or, of those whose start was recorded late, as
 * their AMIs' ancestry says.
 */
export async function findLivingChildren(
  builds: readonly BuildRecord[],
  retired: ReadonlyMap<BuildArn, RetiredBuild>,
  { ledger, settings, client }: Step<"PROMOTION_ARN">,
): Promise<ReadonlyMap<BuildArn, readonly BuildArn[]>> {
  const { images, buildRegion } = settings.factory;
  const byAmi = new Map(builds.flatMap(({ build, amiId }) => (amiId ? [[amiId as string, build] as const] : [])));
  const children = new Map<BuildArn, BuildArn[]>();
  const descending = builds.filter(({ image, build, status, parentBuild }) => {
    const parent = images[image]?.parent;
    const descends = parentBuild !== undefined || (parent !== undefined && "image" in parent);
    return (status === "available" || status === "building") && descends && !isGone(retired.get(build));
  });
  const unretired = descending.map(({ build }) => build).filter((build) => !retired.has(build));
  const gone = await readEach(ledger, unretired, (build) => [goneOf(build)]);
  for (const { build, parentBuild, amiId } of descending) {
    // Removed as a leftover; what retirement condemned is there still.
    if (gone.get(build)?.[0]) continue;
    const ancestors =
      parentBuild || !amiId || !isAmiId(amiId) ? [] : await readAncestors(client(EC2Client, buildRegion), amiId);
    for (const of of parentBuild ? [parentBuild] : ancestors.flatMap((ami) => byAmi.get(ami) ?? [])) {
      children.set(of, [...(children.get(of) ?? []), build]);
    }
  }
  return children;
}
