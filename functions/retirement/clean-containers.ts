import { SFNClient } from "@aws-sdk/client-sfn";
import { listAmis } from "../../adapters/promotion/ami-of.ts";
import { listPromoting } from "../../adapters/promotion/executions.ts";
import { readRemoved, recordGone, recordRemoval } from "../../adapters/retirement/leftovers.ts";
import { type ContainerImageId, isContainerImageId } from "../../events/ids.ts";
import { toRetirableContainer } from "../containers/retirable-container.ts";
import { inTurn } from "../in-turn.ts";
import type { Invocation } from "../invocation.ts";
import type { BuildOrigin } from "./read-origins.ts";

/**
 * Deletes unused builds' container images from the builds' repositories, in all regions. An image that is also in a
 * channel's repository (for example pushed by hand) stays.
 * @returns how many
 */
export function cleanContainers(
  origins: readonly BuildOrigin[],
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<number> {
  const keepMs = invocation.settings.factory.leftovers.keep * 1000;
  const due = origins.filter(
    ({ leftover, artifact }) =>
      leftover &&
      artifact &&
      isContainerImageId(artifact) &&
      Date.parse(leftover.since) + keepMs <= invocation.now.getTime(),
  );
  return inTurn(Object.fromEntries(due.map((origin) => [origin.build, () => cleanBuild(origin, invocation)])));
}

async function cleanBuild(origin: BuildOrigin, invocation: Invocation<"PROMOTION_ARN">): Promise<number> {
  const { ledger, client, settings, now } = invocation;
  const { build, artifact, leftover } = origin;
  const why = leftover?.why ?? "no longer used";
  const all = await listAmis(ledger, { build, amiId: artifact }, settings.factory.buildRegion);
  const removedOf = await readRemoved(ledger);
  const images = all.flatMap(({ region, amiId: id }): { region: string; id: ContainerImageId }[] => {
    const isLeft = isContainerImageId(id) && !removedOf({ kind: "container-image", region }).has(id);
    return isLeft ? [{ region, id }] : [];
  });
  if (images.length === 0) return 0;
  // Blocks later promotions; one that has just started is found below.
  await recordGone(ledger, build, why, now);
  if ((await listPromoting(client(SFNClient), settings.env.PROMOTION_ARN)).has(build)) return 0;
  let removed = 0;
  for (const { region, id } of images) if (await cleanOne(origin, { region, id, why }, invocation)) removed++;
  return removed;
}

async function cleanOne(
  { image, build }: BuildOrigin,
  { region, id, why }: { readonly region: string; readonly id: ContainerImageId; readonly why: string },
  invocation: Invocation<"PROMOTION_ARN">,
): Promise<boolean> {
  const container = toRetirableContainer(id, invocation);
  const found = await container.describe();
  if (found?.state === "available") {
    invocation.log.warn("leftover kept: it is in a channel's repository", { id, region });
    return false;
  }
  await container.deregister();
  await recordRemoval(invocation.ledger, { kind: "container-image", id, region, image, build, why }, invocation.now);
  return true;
}
