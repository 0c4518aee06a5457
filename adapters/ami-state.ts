import { DisableImageCommand, type EC2Client, EnableImageCommand, paginateDescribeImages } from "@aws-sdk/client-ec2";
import type { AmiId } from "../events/ids.ts";

export interface FoundAmi {
  /** `available`, `disabled`, ... */
  readonly state: string;
  /** Keys of its watermarks, `<account>:<name>`. */
  readonly watermarks: readonly string[];
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
      for (const { ImageId, State = "unknown", ImageWatermarks = [] } of Images) {
        const watermarks = ImageWatermarks.flatMap(({ WatermarkKey }) => WatermarkKey ?? []);
        if (ImageId) found.set(ImageId, { state: State, watermarks });
      }
    }
  }
  return found;
}

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
