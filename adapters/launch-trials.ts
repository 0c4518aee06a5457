import {
  DescribeImagesCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  GetAllowedImagesSettingsCommand,
  type _InstanceType as InstanceType,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { AmiId } from "../events/ids.ts";

/**
 * Looks at an AMI as whose client it is.
 * @returns the ids of its snapshots
 * @throws what EC2 refuses: `InvalidAMIID.NotFound` where the AMI is not shared with the account
 */
export async function seeImage(client: EC2Client, ami: AmiId): Promise<string[]> {
  const { Images = [] } = await client.send(new DescribeImagesCommand({ ImageIds: [ami] }));
  return (Images[0]?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
}

/**
 * Asks whether a launch is permitted, by a dry run. It says nothing about the keys of the AMI's snapshots.
 * @throws what EC2 refuses
 */
export async function tryLaunch(
  client: EC2Client,
  { ami, instanceType, subnet }: { readonly ami: AmiId; readonly instanceType: string; readonly subnet?: string },
): Promise<void> {
  const launch = new RunInstancesCommand({
    ImageId: ami,
    InstanceType: instanceType as InstanceType,
    MinCount: 1,
    MaxCount: 1,
    ...(subnet && { SubnetId: subnet }),
    DryRun: true,
  });
  try {
    await client.send(launch);
  } catch (error) {
    // EC2 answers a dry run that is permitted with this error.
    if (!(error instanceof Error && error.name === "DryRunOperation")) throw error;
  }
}

/** Whether the account hides images that its Allowed AMIs settings do not allow; undefined where it does not say. */
export async function findHidesImages(client: EC2Client): Promise<boolean | undefined> {
  try {
    return (await client.send(new GetAllowedImagesSettingsCommand({}))).State === "enabled";
  } catch (error) {
    if (error instanceof Error && error.name === "UnauthorizedOperation") return undefined;
    throw error;
  }
}

/** The ARNs of the keys that snapshots of one's own are encrypted with, each once. */
export async function findKeys(client: EC2Client, snapshots: readonly string[]): Promise<string[]> {
  if (snapshots.length === 0) return [];
  const { Snapshots = [] } = await client.send(new DescribeSnapshotsCommand({ SnapshotIds: [...snapshots] }));
  return [...new Set(Snapshots.flatMap(({ KmsKeyId }) => KmsKeyId ?? []))];
}
