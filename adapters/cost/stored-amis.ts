import { type EC2Client, paginateDescribeImages, paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import type { StoredAmi } from "../../core/cost/usage.ts";

const GIB = 1024 ** 3;
/** Values of one filter (EC2 API reference, "Filters"). */
const MOST_VALUES = 200;

/**
 * A factory's AMIs in a region with all that their snapshots hold: their full size, which EBS bills where no older
 * snapshot of the same volume shares blocks (EC2 API reference, Snapshot, `fullSnapshotSizeInBytes`); each of the
 * factory's comes from a volume of its own. All pages, disabled and deprecated AMIs among them.
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
