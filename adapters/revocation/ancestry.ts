import { type EC2Client, GetImageAncestryCommand } from "@aws-sdk/client-ec2";
import type { AmiId } from "../../events/ids.ts";

/** EC2's errors for AMIs that do not exist (EC2 API reference, "Error codes"). */
const GONE = ["InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"];

/** The AMIs that an AMI was made from, nearest first; empty where it does not exist. */
export async function readAncestors(client: EC2Client, ami: AmiId): Promise<string[]> {
  try {
    const { ImageAncestryEntries = [] } = await client.send(new GetImageAncestryCommand({ ImageId: ami }));
    return ImageAncestryEntries.flatMap(({ SourceImageId }) => SourceImageId ?? []);
  } catch (error) {
    if (error instanceof Error && GONE.includes(error.name)) return [];
    throw error;
  }
}
