import { type EC2Client, type ImageReferenceResourceType, paginateDescribeImageReferences } from "@aws-sdk/client-ec2";
import type { AmiId } from "../events/ids.ts";

/** As many as EC2 takes in one question (EC2 API reference, DescribeImageReferences, ImageId.N). */
const MOST = 10;
/** The greatest number of versions that EC2 looks at of each launch template; by itself it looks at the newest ten. */
const ALL_VERSIONS = 10_000;

const kinds: readonly ImageReferenceResourceType[] = [
  "ec2:Instance",
  "ec2:LaunchTemplate",
  "ssm:Parameter",
  "imagebuilder:ImageRecipe",
  "imagebuilder:ContainerRecipe",
];

/**
 * What of this account refers to AMIs, as it is now: instances, for as long as EC2 shows them, launch templates, parameters
 * and recipes (EC2 user guide, "Check which resources are referencing your AMI").
 * @returns the resources' ARNs, by AMI; nothing of those that nothing refers to
 */
export async function findReferences(
  client: EC2Client,
  amis: readonly AmiId[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, string[]>();
  for (let at = 0; at < amis.length; at += MOST) {
    const asked = {
      ImageIds: amis.slice(at, at + MOST),
      ResourceTypes: kinds.map((ResourceType) => ({
        ResourceType,
        ...(ResourceType === "ec2:LaunchTemplate" && {
          ResourceTypeOptions: [{ OptionName: "version-depth" as const, OptionValues: [String(ALL_VERSIONS)] }],
        }),
      })),
    };
    for await (const { ImageReferences = [] } of paginateDescribeImageReferences({ client }, asked)) {
      for (const { ImageId = "", Arn, ResourceType } of ImageReferences) {
        found.set(ImageId, [...(found.get(ImageId) ?? []), Arn ?? `a resource of the kind ${ResourceType}`]);
      }
    }
  }
  return found;
}
