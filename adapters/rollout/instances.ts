import { type EC2Client, type Instance, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import type { LaunchedInstance } from "../../core/rollout/group.ts";

/** EC2 API reference: a request takes 200 values of filters. */
const GROUPS_AT_ONCE = 200;
const PAGE = 1000;

/** What an instance that is neither gone nor going is in. */
const ALIVE = ["pending", "running", "stopping", "stopped"];

/** The tag that EC2 Auto Scaling adds to the instances that it launches; users cannot set it. */
const GROUP_TAG = "aws:autoscaling:groupName";

/**
 * The instances of Auto Scaling groups in a region, with the AMIs that they run: Auto Scaling names an instance's AMI only
 * where it was launched by an override (API reference, Instance.ImageId), EC2 always.
 * @throws what EC2 refuses: then nothing is known of any of them
 */
export async function listInstances(client: EC2Client, groups: readonly string[]): Promise<LaunchedInstance[]> {
  const found: LaunchedInstance[] = [];
  for (let first = 0; first < groups.length; first += GROUPS_AT_ONCE) {
    const Filters = [
      { Name: `tag:${GROUP_TAG}`, Values: groups.slice(first, first + GROUPS_AT_ONCE).map(literally) },
      { Name: "instance-state-name", Values: ALIVE },
    ];
    for await (const { Reservations = [] } of paginateDescribeInstances({ client, pageSize: PAGE }, { Filters })) {
      for (const instance of Reservations.flatMap(({ Instances = [] }) => Instances)) {
        const { InstanceId, ImageId, Tags = [] } = instance;
        const launchedAt = launchOf(instance);
        if (!InstanceId || !ImageId || !launchedAt) continue;
        const group = Tags.find(({ Key }) => Key === GROUP_TAG)?.Value ?? "";
        found.push({ id: InstanceId, ami: ImageId, group, launchedAt: launchedAt.toISOString() });
      }
    }
  }
  return found;
}

/** EC2 gives an instance that is started again a new `LaunchTime`; its first network interface keeps its own. */
function launchOf({ LaunchTime, NetworkInterfaces = [] }: Instance): Date | undefined {
  const attached = NetworkInterfaces.find(({ Attachment }) => Attachment?.DeviceIndex === 0)?.Attachment?.AttachTime;
  return attached && LaunchTime && attached < LaunchTime ? attached : LaunchTime;
}

/** `*`, `?` and backslashes mean something in filters. */
const literally = (name: string): string => name.replace(/[*?\\]/g, "\\$&");
