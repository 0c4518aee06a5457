import { AttachImageWatermarkCommand, DetachImageWatermarkCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { AmiId } from "../events/ids.ts";

/**
 * Marks an AMI of this account; one that is marked so already stays as it is. Allowed AMIs can ask for the mark, and
 * nobody else can make it: its key begins with the owner's account (EC2 API reference, "AttachImageWatermark").
 */
export async function attachWatermark(client: EC2Client, ami: AmiId, name: string): Promise<void> {
  await client.send(new AttachImageWatermarkCommand({ ImageId: ami, WatermarkName: name }));
}

/** Takes a mark away; an AMI that does not have it is well. Copies that others made of it keep theirs. */
export async function detachWatermark(client: EC2Client, ami: AmiId, key: string): Promise<void> {
  await client.send(new DetachImageWatermarkCommand({ ImageId: ami, WatermarkKey: key }));
}
