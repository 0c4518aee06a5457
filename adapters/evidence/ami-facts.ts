import { DescribeImagesCommand, type EC2Client, type Image, paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import type { BilledAmi } from "../../core/evidence/billing-code.ts";
import type { AmiId } from "../../events/ids.ts";

/** An AMI's creation time; undefined where this account cannot see it. */
export async function readAmiCreation(client: EC2Client, ami: AmiId): Promise<string | undefined> {
  const created = (await describe(client, ami))?.CreationDate;
  return created === undefined ? undefined : new Date(created).toISOString();
}

/** An AMI's billing code (usage operation). */
export async function readBilling(client: EC2Client, ami: string): Promise<BilledAmi> {
  return { ami, usageOperation: (await describe(client, ami))?.UsageOperation };
}

/** The billing codes of a copy and of its source; undefined where EC2 reports no source. */
export async function readCopyBilling(
  clientIn: (region: string) => EC2Client,
  { region, ami }: { readonly region: string; readonly ami: AmiId },
): Promise<{ readonly copy: BilledAmi; readonly source: BilledAmi } | undefined> {
  const copy = await describe(clientIn(region), ami);
  if (!copy?.SourceImageId || !copy.SourceImageRegion) return undefined;
  const source = await readBilling(clientIn(copy.SourceImageRegion), copy.SourceImageId);
  return { copy: { ami, usageOperation: copy.UsageOperation }, source };
}

/** By a filter, because EC2 rejects an unknown id. */
async function describe(client: EC2Client, ami: string): Promise<Image | undefined> {
  const Filters = [{ Name: "image-id", Values: [ami] }];
  const asked = { Filters, IncludeDeprecated: true, IncludeDisabled: true };
  return (await client.send(new DescribeImagesCommand(asked))).Images?.[0];
}

/**
 * The bytes ever written to an AMI's volumes: its snapshots' full size, not their incremental size in S3 (EC2 API
 * reference, Snapshot, `fullSnapshotSizeInBytes`).
 * @returns undefined where the AMI does not exist or has no snapshots, or EC2 does not report every size
 */
export async function readImageSize(client: EC2Client, ami: AmiId): Promise<number | undefined> {
  const image = await describe(client, ami);
  const ids = (image?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
  if (ids.length === 0) return undefined;
  const sizes: number[] = [];
  // By a filter, for the same reason.
  const Filters = [{ Name: "snapshot-id", Values: ids }];
  for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client }, { Filters, OwnerIds: ["self"] })) {
    sizes.push(...Snapshots.flatMap(({ FullSnapshotSizeInBytes: size }) => size || []));
  }
  return sizes.length === ids.length ? sizes.reduce((sum, size) => sum + size, 0) : undefined;
}
