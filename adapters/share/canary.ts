import {
  type Activity,
  type AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DeleteAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  paginateDescribeScalingActivities,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  DeleteLaunchTemplateCommand,
  DescribeLaunchTemplatesCommand,
  type EC2Client,
  type Instance,
  type _InstanceType as InstanceType,
  paginateDescribeInstances,
  paginateDescribeLaunchTemplates,
  RunInstancesCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import type { Sighting } from "../../core/share/canary.ts";
import type { AmiId } from "../../events/ids.ts";
import { unlessError } from "../unless-error.ts";

/** Clients for the canary account. */
export interface CanaryClients {
  readonly ec2: EC2Client;
  readonly autoScaling: AutoScalingClient;
}

/** Resources with this tag may be deleted; its value is the canary's name. */
const TAG = "amint:canary";

interface CanaryPlan {
  /** The name of its launch template, group and tag; unique per canary. */
  readonly name: string;
  readonly ami: AmiId;
  readonly instanceType: string;
  readonly subnet?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Launches one instance with a launch template. A repeated call has no effect, by its client token.
 * @returns the instance's subnet
 * @throws errors of EC2
 */
export async function launchCanary({ ec2 }: CanaryClients, plan: CanaryPlan): Promise<string | undefined> {
  const { name, ami, instanceType, subnet } = plan;
  const Tags = Object.entries({ ...plan.tags, [TAG]: name }).map(([Key, Value]) => ({ Key, Value }));
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: name,
      ClientToken: name,
      LaunchTemplateData: {
        ImageId: ami,
        InstanceType: instanceType as InstanceType,
        MetadataOptions: { HttpTokens: "required" },
        InstanceInitiatedShutdownBehavior: "terminate",
        // No volumes are specified: the instance gets the AMI's own, with its key.
        TagSpecifications: [
          { ResourceType: "instance", Tags },
          { ResourceType: "volume", Tags },
        ],
      },
      TagSpecifications: [{ ResourceType: "launch-template", Tags }],
    }),
  );
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      LaunchTemplate: { LaunchTemplateName: name, Version: "1" },
      MinCount: 1,
      MaxCount: 1,
      ClientToken: name,
      ...(subnet && { SubnetId: subnet }),
    }),
  );
  return Instances[0]?.SubnetId;
}

/**
 * Lets Auto Scaling launch another instance with the same template.
 * @throws errors of Auto Scaling
 */
export async function scaleCanary({ autoScaling }: CanaryClients, name: string, subnet: string): Promise<void> {
  const group = new CreateAutoScalingGroupCommand({
    AutoScalingGroupName: name,
    // A version number: with `$Latest`, Auto Scaling would not check the caller's permissions for the launch.
    LaunchTemplate: { LaunchTemplateName: name, Version: "1" },
    MinSize: 0,
    MaxSize: 1,
    DesiredCapacity: 1,
    VPCZoneIdentifier: subnet,
  });
  // It may have been created by an earlier try.
  await unlessError(autoScaling.send(group), /^AlreadyExistsFault$/);
}

/** The state of both launches of a canary; `group` where Auto Scaling launches, too. */
export async function readCanary(
  { ec2, autoScaling }: CanaryClients,
  { name, group }: { readonly name: string; readonly group: boolean },
): Promise<Sighting> {
  const instances = await findInstances(ec2, name);
  const own = instances.find((instance) => !isOfGroup(instance));
  return {
    instance: own && {
      state: own.State?.Name ?? "pending",
      ended: { code: own.StateReason?.Code ?? "", message: own.StateReason?.Message ?? "" },
    },
    ...(group && {
      group: {
        running: instances.some((instance) => isOfGroup(instance) && instance.State?.Name === "running"),
        failed: await findFailure(autoScaling, name),
      },
    }),
  };
}

const isOfGroup = ({ Tags = [] }: Instance): boolean => Tags.some(({ Key }) => Key === "aws:autoscaling:groupName");

async function findInstances(ec2: EC2Client, name: string): Promise<Instance[]> {
  const found: Instance[] = [];
  const Filters = [{ Name: `tag:${TAG}`, Values: [name] }];
  for await (const { Reservations = [] } of paginateDescribeInstances({ client: ec2 }, { Filters })) {
    found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
  }
  return found;
}

/** Auto Scaling's message about the latest failed launch. */
async function findFailure(client: AutoScalingClient, name: string): Promise<string | undefined> {
  const activities: Activity[] = [];
  for await (const page of paginateDescribeScalingActivities({ client }, { AutoScalingGroupName: name })) {
    activities.push(...(page.Activities ?? []));
  }
  const failed = activities.find(({ StatusCode }) => StatusCode === "Failed" || StatusCode === "Cancelled");
  return failed && (failed.StatusMessage ?? failed.Description ?? "no reason given");
}

/**
 * Deletes all of a canary: the group with its instance, every instance with its name, the template. A failure does not
 * stop the others.
 * @throws the first error
 */
export async function removeCanary(clients: CanaryClients, name: string): Promise<void> {
  const failures: unknown[] = [];
  for (const remove of [removeGroup, removeInstances, removeTemplate]) {
    await remove(clients, name).catch((error: unknown) => failures.push(error));
  }
  if (failures.length > 0) throw failures[0];
}

async function removeGroup({ autoScaling }: CanaryClients, name: string): Promise<void> {
  const { AutoScalingGroups = [] } = await autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  if (!AutoScalingGroups.some(({ Status }) => Status === undefined)) return;
  await autoScaling.send(new DeleteAutoScalingGroupCommand({ AutoScalingGroupName: name, ForceDelete: true }));
}

async function removeInstances({ ec2 }: CanaryClients, name: string): Promise<void> {
  const alive = (await findInstances(ec2, name)).filter(
    ({ State }) => State?.Name !== "terminated" && State?.Name !== "shutting-down",
  );
  const InstanceIds = alive.flatMap(({ InstanceId }) => InstanceId ?? []);
  if (InstanceIds.length > 0) await ec2.send(new TerminateInstancesCommand({ InstanceIds }));
}

/**
 * IAM denies the deletion of a template that does not exist: the role may delete templates with the canary's tag, and it
 * has none. So it is looked up first.
 */
async function removeTemplate({ ec2 }: CanaryClients, name: string): Promise<void> {
  const Filters = [{ Name: "launch-template-name", Values: [name] }];
  const { LaunchTemplates = [] } = await ec2.send(new DescribeLaunchTemplatesCommand({ Filters }));
  if (LaunchTemplates.length === 0) return;
  try {
    await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: name }));
  } catch (error) {
    // Deleted meanwhile (EC2 API reference, "Error codes").
    if (!(error instanceof Error && error.name.startsWith("InvalidLaunchTemplateName.NotFound"))) throw error;
  }
}

/** A canary with a remaining launch template or instance. */
interface LeftCanary {
  readonly name: string;
  /** The creation time of its oldest resource. */
  readonly since: Date;
}

const OVER = ["terminated", "shutting-down"];

/**
 * The remaining canaries in an account's region. A canary's template is created first and deleted last.
 * @param prefix of this factory's canary names
 */
export async function listCanaries(client: EC2Client, prefix: string): Promise<LeftCanary[]> {
  const oldest = new Map<string, Date>();
  const add = (tags: Instance["Tags"] = [], at: Date | undefined) => {
    const name = tags.find(({ Key }) => Key === TAG)?.Value;
    if (!name?.startsWith(prefix) || !at) return;
    const known = oldest.get(name);
    if (!known || at < known) oldest.set(name, at);
  };
  const Filters = [{ Name: "tag-key", Values: [TAG] }];
  for await (const { LaunchTemplates = [] } of paginateDescribeLaunchTemplates({ client }, { Filters })) {
    for (const { Tags, CreateTime } of LaunchTemplates) add(Tags, CreateTime);
  }
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters })) {
    for (const { Tags, LaunchTime, State } of Reservations.flatMap(({ Instances = [] }) => Instances)) {
      if (!OVER.includes(State?.Name ?? "")) add(Tags, LaunchTime);
    }
  }
  return [...oldest].map(([name, since]) => ({ name, since }));
}
