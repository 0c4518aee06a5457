import { type EC2Client, paginateDescribeImages, paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import { type ImagebuilderClient, ResourceNotFoundException } from "@aws-sdk/client-imagebuilder";
import type { Month } from "../../core/cost/month.ts";
import { type BuildInstances, type BuildUsage, instanceRuns, type StoredAmi } from "../../core/cost/usage.ts";
import type { BuildArn } from "../../events/ids.ts";
import { type BuildRecord, findInstances } from "../build/builds.ts";
import { readImage, readWorkflowSteps } from "../build/image-builder.ts";
import type { Ledger } from "../ledger/table.ts";

/** A build takes less time than this, by Image Builder's own limits. */
const LONGEST_MS = 3 * 86_400_000;

/**
 * The instances of a month's builds: from the ledger or, if not recorded, from Image Builder while it has the image
 * resource.
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

const GIB = 1024 ** 3;

/** Values per filter (EC2 API reference, "Filters"). */
const MOST_VALUES = 200;

/**
 * A factory's AMIs in a region with the full size of their snapshots, which is what EBS bills unless an older snapshot
 * of the same volume shares blocks (EC2 API reference, Snapshot, `fullSnapshotSizeInBytes`); each of the factory's
 * snapshots has its own volume. Includes disabled and deprecated AMIs.
 */
export async function listStoredAmis(client: EC2Client, region: string, factory: string): Promise<StoredAmi[]> {
  const found: (Omit<StoredAmi, "gib"> & { readonly snapshots: readonly string[] })[] = [];
  const asked = {
    Owners: ["self"],
    Filters: [{ Name: "tag:amint:factory", Values: [factory] }],
    IncludeDeprecated: true,
    IncludeDisabled: true,
  };
  for await (const { Images = [] } of paginateDescribeImages({ client, pageSize: 1000 }, asked)) {
    for (const { ImageId: amiId, CreationDate, BlockDeviceMappings = [], Tags = [] } of Images) {
      if (!amiId || !CreationDate) continue;
      found.push({
        image: Tags.find(({ Key }) => Key === "amint:image")?.Value,
        region,
        amiId,
        createdAt: new Date(CreationDate).toISOString(),
        snapshots: BlockDeviceMappings.flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
      });
    }
  }
  const sizes = await readSizes(client, [...new Set(found.flatMap(({ snapshots }) => snapshots))]);
  return found.map(({ snapshots, ...ami }) => {
    const bytes = snapshots.map((id) => sizes.get(id));
    const known = bytes.length > 0 && bytes.every((size) => size !== undefined);
    return { ...ami, gib: known ? bytes.reduce((sum, size) => sum + size, 0) / GIB : undefined };
  });
}

async function readSizes(client: EC2Client, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const sizes = new Map<string, number>();
  for (let from = 0; from < ids.length; from += MOST_VALUES) {
    const Filters = [{ Name: "snapshot-id", Values: ids.slice(from, from + MOST_VALUES) }];
    for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client }, { Filters, OwnerIds: ["self"] })) {
      for (const { SnapshotId, FullSnapshotSizeInBytes: size } of Snapshots) {
        if (SnapshotId && size) sizes.set(SnapshotId, size);
      }
    }
  }
  return sizes;
}
