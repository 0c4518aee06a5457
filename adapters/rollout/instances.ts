import { type EC2Client, type Instance, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import type { LaunchedInstance } from "../../core/rollout/group.ts";

/** EC2 API reference: 200 filter values per request. */
const GROUPS_AT_ONCE = 200;
const PAGE = 1000;

/** The states of instances that are not terminating or terminated. */
const ALIVE = ["pending", "running", "stopping", "stopped"];

/** EC2 Auto Scaling's tag on the instances that it launches; users cannot set it. */
const GROUP_TAG = "aws:autoscaling:groupName";

/**
 * The instances of Auto Scaling groups in a region, with their AMIs, from EC2: Auto Scaling reports an instance's AMI
 * only if an override launched it (API reference, Instance.ImageId).
 * @throws errors of EC2: then none is known
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

/** EC2 gives a restarted instance a new `LaunchTime`; its first network interface keeps the original attach time. */
function launchOf({ LaunchTime, NetworkInterfaces = [] }: Instance): Date | undefined {
  const attached = NetworkInterfaces.find(({ Attachment }) => Attachment?.DeviceIndex === 0)?.Attachment?.AttachTime;
  return attached && LaunchTime && attached < LaunchTime ? attached : LaunchTime;
}

/** `*`, `?` and backslashes are special in filters. */
const literally = (name: string): string => name.replace(/[*?\\]/g, "\\$&");
