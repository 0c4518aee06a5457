import { type EC2Client, paginateDescribeInstances, TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { GetImageCommand, type ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { BUILDER_TAG, type FoundInstance, type ImageEnd } from "../core/clean-up/plan-instances.ts";

/** Image Builder's states in which an image is not worked on (API reference, ImageState). */
const ENDED = ["AVAILABLE", "CANCELLED", "FAILED", "DEPRECATED", "DELETED", "DISABLED"];

/** The instances of a factory's builds that are not terminated. All pages, or an error. */
export async function listBuilderInstances(client: EC2Client, factory: string): Promise<FoundInstance[]> {
  const found: FoundInstance[] = [];
  const Filters = [
    { Name: "tag:amint:factory", Values: [factory] },
    { Name: `tag:${BUILDER_TAG.key}`, Values: [BUILDER_TAG.value] },
    { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] },
  ];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters })) {
    for (const { InstanceId, LaunchTime, Tags = [] } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      if (!InstanceId || !LaunchTime) continue;
      const tags = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
      found.push({ instanceId: InstanceId, launchedAt: LaunchTime.toISOString(), tags });
    }
  }
  return found;
}

/** Whether Image Builder works on an image still. */
export async function readImageEnd(client: ImagebuilderClient, arn: string): Promise<ImageEnd> {
  try {
    const { image } = await client.send(new GetImageCommand({ imageBuildVersionArn: arn }));
    return ENDED.includes(image?.state?.status ?? "") ? "ended" : "under way";
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return "gone";
    throw error;
  }
}

/** One that is gone is as good (EC2 API reference, "Error codes"). */
export async function terminateInstance(client: EC2Client, instance: string): Promise<void> {
  try {
    await client.send(new TerminateInstancesCommand({ InstanceIds: [instance] }));
  } catch (error) {
    if (!(error instanceof Error && error.name === "InvalidInstanceID.NotFound")) throw error;
  }
}
