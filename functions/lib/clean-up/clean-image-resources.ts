import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { deleteImageResource } from "../../../adapters/image-resources.ts";
import { listRemoved, recordRemoval } from "../../../adapters/ledger/leftovers.ts";
import { listRetirements, type RetiredBuild } from "../../../adapters/ledger/retirements.ts";
import { planImageResources } from "../../../core/clean-up/plan-image-resources.ts";
import { inTurn } from "../repair/in-turn.ts";
import { isGone } from "../retire/is-gone.ts";
import type { Step } from "../step.ts";
import type { BuildOrigin } from "./read-origins.ts";

/** In one run; what is left is the next day's. */
const MOST = 200;

/**
 * Deletes image resources of builds that are retired for good, and of leftovers, failed ones among them, with those of their
 * copies.
 * @returns how many
 */
export async function cleanImageResources(
  origins: readonly BuildOrigin[],
  step: Step<"PROMOTION_ARN">,
): Promise<number> {
  const { ledger, settings, client, now } = step;
  const { leftovers, recycleBin } = settings.factory;
  const { region } = settings.place;
  const retired = await listRetirements(ledger);
  const [amis, containers, removed] = await Promise.all([
    listRemoved(ledger, { kind: "ami", region }),
    listRemoved(ledger, { kind: "container-image", region }),
    listRemoved(ledger, { kind: "image-resource", region }),
  ]);
  const builds = origins.map(({ image, build, leftover, amiId, copies }) => ({
    image,
    build,
    // A container image's copies are of the build's own making.
    copies: copies.map(({ copy }) => copy).filter((copy) => copy !== build),
    leftover,
    amiGone: amiId === undefined || amis.has(amiId) || containers.has(amiId),
    retiredAt: retiredAt(retired.get(build)),
  }));
  const due = planImageResources(builds, {
    now,
    keepSeconds: leftovers.keep,
    binSeconds: recycleBin.enabled ? recycleBin.retain : 0,
  }).filter(({ resource }) => !removed.has(resource));
  const deletions = due.slice(0, MOST).map(({ resource, image, build, why }) => [
    resource,
    async () => {
      const was = await deleteImageResource(client(ImagebuilderClient), resource);
      if (was === "needed") return 0;
      const thing = { kind: "image-resource" as const, region, id: resource, image, build, why };
      // Of what somebody else deleted nobody needs to hear.
      await recordRemoval(ledger, thing, now, { told: was === "gone" });
      return was === "deleted" ? 1 : 0;
    },
  ]);
  return inTurn(Object.fromEntries(deletions));
}

function retiredAt(one: RetiredBuild | undefined): string | undefined {
  if (!one || !isGone(one)) return undefined;
  return [...one.regions.values()]
    .flatMap(({ done }) => done?.at ?? [])
    .toSorted()
    .at(-1);
}
