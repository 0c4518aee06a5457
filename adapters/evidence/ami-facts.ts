import { DescribeImagesCommand, type EC2Client, paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import type { AmiId } from "../../events/ids.ts";

/** When an AMI was made; undefined of one that this account does not see (any more). */
export async function readAmiCreation(client: EC2Client, ami: AmiId): Promise<string | undefined> {
  // By a filter, because an unknown id would be an error.
  const { Images = [] } = await client.send(
    new DescribeImagesCommand({
      Filters: [{ Name: "image-id", Values: [ami] }],
      IncludeDeprecated: true,
      IncludeDisabled: true,
    }),
  );
  const created = Images[0]?.CreationDate;
  return created === undefined ? undefined : new Date(created).toISOString();
}

/**
 * What was ever written to an AMI's volumes, in bytes: the full size of its snapshots, not what they take in S3 beside
 * older ones (EC2 API reference, Snapshot, `fullSnapshotSizeInBytes`).
 * @returns undefined where the AMI is not there, has no snapshots, or EC2 does not say the size of each of them
 */
export async function readImageSize(client: EC2Client, ami: AmiId): Promise<number | undefined> {
  // By filters, because an unknown id would be an error.
  const { Images: [image] = [] } = await client.send(
    new DescribeImagesCommand({
      Filters: [{ Name: "image-id", Values: [ami] }],
      IncludeDeprecated: true,
      IncludeDisabled: true,
    }),
  );
  const ids = (image?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
  if (ids.length === 0) return undefined;
  const sizes: number[] = [];
  const Filters = [{ Name: "snapshot-id", Values: ids }];
  for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client }, { Filters, OwnerIds: ["self"] })) {
    sizes.push(...Snapshots.flatMap(({ FullSnapshotSizeInBytes: size }) => size || []));
  }
  return sizes.length === ids.length ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}
