import {
  DescribeImagesCommand,
  DisableImageCommand,
  type EC2Client,
  EnableImageCommand,
  EnableImageDeprecationCommand,
  EnableImageDeregistrationProtectionCommand,
  type Image,
  ModifyImageAttributeCommand,
  paginateDescribeImages,
} from "@aws-sdk/client-ec2";
import type { AmiId } from "../../events/ids.ts";

export interface FoundAmi {
  /** `available`, `disabled`, ... */
  readonly state: string;
  /** Keys of its watermarks, `<account>:<name>`. */
  readonly watermarks: readonly string[];
  readonly ownerId: string | undefined;
  /** What it was copied from; undefined where EC2 names nothing. */
  readonly source: { readonly amiId: string; readonly region: string } | undefined;
}

/** EC2's limit for the values of a filter (EC2 API reference, "Filter"). */
const MOST_VALUES = 200;

/** What EC2 says of each of these AMIs, for those that there are: one call for each 200. */
export async function findAmis(client: EC2Client, amis: readonly AmiId[]): Promise<ReadonlyMap<string, FoundAmi>> {
  const found = new Map<string, FoundAmi>();
  const wanted = [...new Set(amis)];
  for (let from = 0; from < wanted.length; from += MOST_VALUES) {
    const Filters = [{ Name: "image-id", Values: wanted.slice(from, from + MOST_VALUES) }];
    for await (const { Images = [] } of paginateDescribeImages({ client }, { Filters, IncludeDisabled: true })) {
      for (const image of Images) {
        if (image.ImageId) found.set(image.ImageId, toFoundAmi(image));
      }
    }
  }
  return found;
}

const toFoundAmi = (image: Image): FoundAmi => ({
  state: image.State ?? "unknown",
  watermarks: (image.ImageWatermarks ?? []).flatMap(({ WatermarkKey }) => WatermarkKey ?? []),
  ownerId: image.OwnerId,
  source:
    image.SourceImageId && image.SourceImageRegion
      ? { amiId: image.SourceImageId, region: image.SourceImageRegion }
      : undefined,
});

/** The state of each of these AMIs (`available`, `disabled`, ...), for those that there are. */
export const findAmiStates = async (client: EC2Client, amis: readonly AmiId[]): Promise<ReadonlyMap<string, string>> =>
  new Map([...(await findAmis(client, amis))].map(([id, { state }]) => [id, state]));

/**
 * Nobody launches the AMI any more. EC2 forgets who could, so that is saved before (EC2 user guide, "Disable an Amazon
 * EC2 AMI").
 */
export async function disableAmi(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new DisableImageCommand({ ImageId: ami }));
}

/** The AMI can be launched again, by its owner alone: launch permissions do not come back by themselves. */
export async function enableAmi(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new EnableImageCommand({ ImageId: ami }));
}

/** What an AMI of ours is like now. */
interface ImageAttributes {
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
