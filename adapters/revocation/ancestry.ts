import { type EC2Client, GetImageAncestryCommand } from "@aws-sdk/client-ec2";
import type { AmiId } from "../../events/ids.ts";
import { unlessError } from "../unless-error.ts";

/** EC2's errors for AMIs that do not exist (EC2 API reference, "Error codes"). */
const GONE = /^InvalidAMIID\.(NotFound|Unavailable)$/;

/** The AMIs that an AMI was made from, nearest first; empty where it does not exist. */
export async function readAncestors(client: EC2Client, ami: AmiId): Promise<string[]> {
  const found = await unlessError(client.send(new GetImageAncestryCommand({ ImageId: ami })), GONE);
  return (found?.ImageAncestryEntries ?? []).flatMap(({ SourceImageId }) => SourceImageId ?? []);
}
