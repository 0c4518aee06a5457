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
  /** The AMI that it was copied from, if EC2 reports it. */
  readonly source: { readonly amiId: string; readonly region: string } | undefined;
}

/** EC2's limit for the values of a filter (EC2 API reference, "Filter"). */
const MOST_VALUES = 200;

/** EC2's description of each existing AMI: one call per 200. */
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

/** The state (`available`, `disabled`, ...) of each existing AMI. */
export const findAmiStates = async (client: EC2Client, amis: readonly AmiId[]): Promise<ReadonlyMap<string, string>> =>
  new Map([...(await findAmis(client, amis))].map(([id, { state }]) => [id, state]));

/**
 * Blocks all launches of the AMI. EC2 drops its launch permissions, so they must be saved before (EC2 user guide,
 * "Disable an Amazon EC2 AMI").
 */
export async function disableAmi(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new DisableImageCommand({ ImageId: ami }));
}

/** Lets the owner launch the AMI again; launch permissions are not restored. */
export async function enableAmi(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new EnableImageCommand({ ImageId: ami }));
}

/** Attributes of one of our AMIs. */
interface ImageAttributes {
  readonly snapshots: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Its instances require IMDSv2 unless the launch overrides that. */
  readonly imdsV2: boolean;
  /** Protected from deregistration. */
  readonly protected: boolean;
  /** Its deprecation date; ISO 8601, to the minute. */
  readonly deprecatedFrom: string | undefined;
}

/** Undefined where the AMI does not exist. */
export async function readImageAttributes(client: EC2Client, ami: AmiId): Promise<ImageAttributes | undefined> {
  // By a filter, because EC2 rejects an unknown id.
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

/** Irreversible (EC2 user guide, "Configure the AMI"); a launch can still request IMDSv1. */
export async function requireImdsV2(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new ModifyImageAttributeCommand({ ImageId: ami, ImdsSupport: { Value: "v2.0" } }));
}

/**
 * Protects against mistakes: deregistering requires removing the protection first. No cooldown, which would last
 * another day.
 */
export async function protectImage(client: EC2Client, ami: AmiId): Promise<void> {
  await client.send(new EnableImageDeregistrationProtectionCommand({ ImageId: ami, WithCooldown: false }));
}

/** After this date, lists of other accounts do not include it; its id can still be launched. Must be in the future. */
export async function deprecateFrom(client: EC2Client, ami: AmiId, at: Date): Promise<void> {
  await client.send(new EnableImageDeprecationCommand({ ImageId: ami, DeprecateAt: at }));
}
