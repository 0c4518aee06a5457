import { type ImagebuilderClient, ResourceNotFoundException } from "@aws-sdk/client-imagebuilder";
import { type BuildInstances, instanceRuns } from "../../core/cost/instance-runs.ts";
import type { Month } from "../../core/cost/month.ts";
import type { BuildUsage } from "../../core/cost/usage.ts";
import type { BuildArn } from "../../events/ids.ts";
import { readImage, readWorkflowSteps } from "../image-builder.ts";
import { findInstances } from "../ledger/build-instances.ts";
import type { BuildRecord } from "../ledger/builds.ts";
import type { Ledger } from "../ledger/table.ts";

/** A build that runs into the month began this long before it at most: Image Builder's own limits add up to less. */
const LONGEST_MS = 3 * 86_400_000;

/**
 * What the builds of a month ran on: from the ledger, or, of one that was not recorded, from Image Builder as long as it
 * has the image resource.
 */
export async function readBuildUsage(
  { ledger, imageBuilder }: { readonly ledger: Ledger; readonly imageBuilder: ImagebuilderClient },
  builds: readonly BuildRecord[],
  volumes: Readonly<Record<string, number>>,
  month: Month,
): Promise<BuildUsage[]> {
  const usage: BuildUsage[] = [];
  for (const { image, build, startedAt } of builds) {
    const began = Date.parse(startedAt);
    if (began >= month.end || began < month.start - LONGEST_MS) continue;
    const instances = (await findInstances(ledger, build)) ?? (await askImageBuilder(imageBuilder, build));
    if (began < month.start && !instances?.runs.some(({ to }) => Date.parse(to) > month.start)) continue;
    usage.push({ image, build, instances, volumeGiB: volumes[image] });
  }
  return usage;
}

async function askImageBuilder(client: ImagebuilderClient, build: BuildArn): Promise<BuildInstances | undefined> {
  try {
    const { instanceTypes } = await readImage(client, build);
    return { types: [...instanceTypes], runs: instanceRuns(await readWorkflowSteps(client, build)) };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
