import {
  DescribeImagesCommand,
  type EC2Client,
  EnableImageDeprecationCommand,
  EnableImageDeregistrationProtectionCommand,
  ModifyImageAttributeCommand,
} from "@aws-sdk/client-ec2";
import type { AmiId } from "../events/ids.ts";

/** What an AMI of ours is like now. */
export interface ImageAttributes {
  readonly snapshots: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Instances of it want IMDSv2 unless who launches says otherwise. */
  readonly imdsV2: boolean;
  /** Protected from being deregistered. */
  readonly protected: boolean;
  /** When it counts as deprecated; ISO 8601, to the minute. */
  readonly deprecatedFrom: string | undefined;
}

/** Undefined where there is no such AMI. */
export async function readImageAttributes(client: EC2Client, ami: AmiId): Promise<ImageAttributes | undefined> {
  // By a filter, because an unknown id would be an error.
  const { Images = [] } = await client.send(
    new DescribeImagesCommand({
      Filters: [{ Name: "image-id", Values: [ami] }],
      IncludeDeprecated: true,
      IncludeDisabled: true,
    }),
  );
  const [image] = Images;
  return (
    image && {
      snapshots: (image.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []),
      tags: Object.fromEntries((image.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value])),
      imdsV2: image.ImdsSupport === "v2.0",
      protected: image.DeregistrationProtection?.startsWith("enabled") ?? false,
      deprecatedFrom: image.DeprecationTime && new Date(image.DeprecationTime).toISOString(),
    }
  );
}

/** It cannot be taken back (EC2 user guide, "Configure the AMI"): who needs IMDSv1 says so when launching. */
export async function requireImdsV2(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new ModifyImageAttributeCommand({ ImageId: ami, ImdsSupport: { Value: "v2.0" } }));
}

/** Against mistakes: whoever wants it gone takes the protection away first. Without a cooldown, which lasts a day more. */
export async function protectImage(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new EnableImageDeregistrationProtectionCommand({ ImageId: ami, WithCooldown: false }));
}

/** From then on others do not find it in lists; who knows its id launches it all the same. It must be in the future. */
export async function deprecateFrom(client: EC2Client, ami: AmiId, at: Date): Promise<void> {
  await client.send(new EnableImageDeprecationCommand({ ImageId: ami, DeprecateAt: at }));
}
