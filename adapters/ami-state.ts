import { DisableImageCommand, type EC2Client, EnableImageCommand, paginateDescribeImages } from "@aws-sdk/client-ec2";
import type { AmiId } from "../events/ids.ts";

/** The state of each of these AMIs (`available`, `disabled`, ...), for those that there are; at most 200. */
export async function findAmiStates(client: EC2Client, amis: readonly AmiId[]): Promise<ReadonlyMap<string, string>> {
  const states = new Map<string, string>();
  if (amis.length === 0) return states;
  const Filters = [{ Name: "image-id", Values: [...new Set(amis)] }];
  for await (const { Images = [] } of paginateDescribeImages({ client }, { Filters, IncludeDisabled: true })) {
    for (const { ImageId, State } of Images) if (ImageId) states.set(ImageId, State ?? "unknown");
  }
  return states;
}

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
