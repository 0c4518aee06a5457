import type {
  AutoScalingGroup,
  CreateAutoScalingGroupCommandInput,
  InstanceRefresh,
  RefreshPreferences,
} from "@aws-sdk/client-auto-scaling";
import * as AutoScaling from "@aws-sdk/client-auto-scaling";
import type { CreateLaunchTemplateCommandOutput } from "@aws-sdk/client-ec2";
import * as Ec2 from "@aws-sdk/client-ec2";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, type Principal } from "../../src/engine/principal.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { type AutoScalingReadings, readAutoScaling } from "../../src/services/autoscaling/readings.ts";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { FACTORY, PRODUCTION, REGION } from "../ec2/an-aws.ts";
import { makeRole } from "../policy.ts";
import { credentials } from "../wire/transports.ts";

/** Seconds. */
export const MINUTE = 60;
export const HOUR = 3600;

export const NAME = "web";

/** A client of the SDK, by the names of its operations. */
const sdk =
  (client: { send(command: never): Promise<unknown> }, commands: object) =>
  async <Output>(operation: string, input: object = {}): Promise<Output> => {
    const Command = Reflect.get(commands, `${operation}Command`) as new (given: object) => never;
    return (await client.send(new Command(input))) as Output;
  };

/** A group of production's account by a template with two versions, each with its image of the factory's. */
export async function refreshWorld(readings: Partial<AutoScalingReadings> = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  readAutoScaling(aws, readings);
  const as =
    (service: string, principal: Principal = accountPrincipal(PRODUCTION)) =>
    <Output>(operation: string, input: object = {}): Promise<Output> =>
      aws.call<Output>(service, operation, input, { principal, region: REGION });
  const share = async (name: string, volumeSizeGiB = 8): Promise<string> => {
    const ImageId = registerImage(aws, FACTORY, REGION, {
      name,
      architecture: "x86_64",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB }],
    });
    const LaunchPermission = { Add: [{ UserId: PRODUCTION }] };
    await as("ec2", accountPrincipal(FACTORY))("ModifyImageAttribute", { ImageId, LaunchPermission });
    return ImageId;
  };
  const oldImage = await share("golden-1");
  const newImage = await share("golden-2");
  const config = {
    region: REGION,
    credentials: credentials(PRODUCTION),
    requestHandler: inProcessHandler(aws),
    maxAttempts: 1,
  };
  const ec2 = sdk(new Ec2.EC2Client(config), Ec2);
  const autoScaling = sdk(new AutoScaling.AutoScalingClient(config), AutoScaling);
  /** Auto Scaling's events on the default bus: the detail type without its prefix, and a checkpoint's percentage. */
  const told: string[] = [];
  watchBus(aws, PRODUCTION, REGION, "default", (event) => {
    const what = event["detail-type"].match(/^EC2 Auto Scaling Instance Refresh (.+)/)?.[1];
    const { CheckpointPercentage } = event.detail as { CheckpointPercentage?: string };
    if (what) told.push(CheckpointPercentage ? `${what} ${CheckpointPercentage}` : what);
  });
  const { LaunchTemplate } = await ec2<CreateLaunchTemplateCommandOutput>("CreateLaunchTemplate", {
    LaunchTemplateName: NAME,
    LaunchTemplateData: { ImageId: oldImage, InstanceType: "t3.micro" },
  });
  /** Answers its number. */
  const addVersion = async (data: object): Promise<string> => {
    const { LaunchTemplateVersion } = await ec2<{ LaunchTemplateVersion: { VersionNumber: number } }>(
      "CreateLaunchTemplateVersion",
      { LaunchTemplateName: NAME, SourceVersion: "1", LaunchTemplateData: data },
    );
    return String(LaunchTemplateVersion.VersionNumber);
  };
  await addVersion({ ImageId: newImage });
  const pass = (seconds: number) => clock.runUntil(clock.now() + seconds * 1000);
  const create = async (more: Partial<CreateAutoScalingGroupCommandInput> = {}, settle = 3 * MINUTE) => {
    await autoScaling("CreateAutoScalingGroup", {
      AutoScalingGroupName: NAME,
      LaunchTemplate: more.MixedInstancesPolicy ? undefined : { LaunchTemplateName: NAME, Version: "1" },
      MinSize: 0,
      MaxSize: 20,
      DesiredCapacity: 4,
      DefaultInstanceWarmup: MINUTE,
      AvailabilityZones: [`${REGION}a`, `${REGION}b`],
      ...more,
    });
    await pass(settle);
  };
  const group = async (): Promise<AutoScalingGroup> => {
    const { AutoScalingGroups = [] } = await autoScaling<{ AutoScalingGroups?: AutoScalingGroup[] }>(
      "DescribeAutoScalingGroups",
      { AutoScalingGroupNames: [NAME] },
    );
    const [found] = AutoScalingGroups;
    if (!found) throw new Error("no group");
    return found;
  };
  /** Default: to version 2. */
  const start = (Preferences: RefreshPreferences = {}, more: object = {}) =>
    autoScaling<{ InstanceRefreshId: string }>("StartInstanceRefresh", {
      AutoScalingGroupName: NAME,
      DesiredConfiguration: { LaunchTemplate: { LaunchTemplateName: NAME, Version: "2" } },
      Preferences,
      ...more,
    });
  const refreshes = async (): Promise<InstanceRefresh[]> => {
    const { InstanceRefreshes = [] } = await autoScaling<{ InstanceRefreshes?: InstanceRefresh[] }>(
      "DescribeInstanceRefreshes",
      { AutoScalingGroupName: NAME },
    );
    return InstanceRefreshes;
  };
  const refresh = async (): Promise<InstanceRefresh> => {
    const [newest] = await refreshes();
    if (!newest) throw new Error("no refresh");
    return newest;
  };
  /** The template versions of the instances in service, sorted. */
  const versions = async (): Promise<string> =>
    ((await group()).Instances ?? [])
      .filter(({ LifecycleState }) => LifecycleState === "InService")
      .map(({ LaunchTemplate: of }) => of?.Version)
      .sort()
      .join("");
  const alarm = async (name: string, StateValue?: "ALARM" | "OK", period = HOUR) => {
    const cloudWatch = as("monitoring");
    if (StateValue) return cloudWatch("SetAlarmState", { AlarmName: name, StateValue, StateReason: "a test" });
    return cloudWatch("PutMetricAlarm", {
      AlarmName: name,
      Namespace: "Web",
      MetricName: "Errors",
      Statistic: "Sum",
      Period: period,
      EvaluationPeriods: 1,
      Threshold: 0,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "ignore",
    });
  };
  return {
    aws,
    clock,
    as,
    ec2,
    autoScaling,
    role: (name: string, ...may: object[]) => makeRole(aws, PRODUCTION, name, { AWS: PRODUCTION }, ...may),
    templateId: LaunchTemplate?.LaunchTemplateId ?? "",
    oldImage,
    newImage,
    share,
    addVersion,
    pass,
    create,
    group,
    start,
    refresh,
    refreshes,
    told,
    versions,
    alarm,
  };
}

/** A world whose group of four is in service. */
export async function aGroup(readings: Partial<AutoScalingReadings> = {}) {
  const world = await refreshWorld(readings);
  await world.create();
  return world;
}
