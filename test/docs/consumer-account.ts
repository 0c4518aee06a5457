import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { DescribeInstancesCommand, DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { accountPrincipal, type Clock, inProcessHandler, startAws, VirtualClock } from "embedded-aws";
import { registerImage } from "embedded-aws/seeds";
import { onTestFinished } from "vitest";
import { channelParameter, channelParameterArn } from "../../core/names.ts";
import { MINUTE, passing } from "../world/time.ts";

const FACTORY = "111122223333";
const MANAGEMENT = "999988887777";
export const CONSUMER = "200000000001";
export const REGION = "eu-west-1";

const at = ["acme", "al2023-base", "stable"] as const;

/** The parameter that the files of docs/consumers name. */
export const CHANNEL = channelParameterArn({ partition: "aws", region: REGION, account: FACTORY }, ...at);

/** An AWS in which a factory shares two AMIs, and the channel's parameter, with one consumer account. */
export async function consumerAccount(clock: Clock) {
  const { aws, url, close } = await startAws({
    clock,
    port: 0,
    lingerMs: 25,
    publicImages: [],
    organization: {
      id: "o-exampleorgid",
      rootId: "r-exam",
      management: { id: MANAGEMENT, name: "management" },
      accounts: [
        { id: FACTORY, name: "factory" },
        { id: CONSUMER, name: "consumer" },
      ],
    },
  });
  onTestFinished(close);
  const settings = (account: string) => ({
    region: REGION,
    credentials: { accessKeyId: account, secretAccessKey: "any" },
    requestHandler: inProcessHandler(aws),
  });
  const call = (account: string, service: string, operation: string, input: object = {}) =>
    aws.call(service, operation, input, { principal: accountPrincipal(account), region: REGION });

  const amis = ["first", "second"].map((name) =>
    registerImage(aws, FACTORY, REGION, {
      name,
      architecture: "x86_64",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 }],
    }),
  );
  for (const ImageId of amis) {
    await call(FACTORY, "ec2", "ModifyImageAttribute", { ImageId, LaunchPermission: { Add: [{ UserId: CONSUMER }] } });
  }
  const factory = new SSMClient(settings(FACTORY));
  const point = (ami: string | undefined) =>
    factory.send(
      new PutParameterCommand({
        Name: channelParameter(...at),
        Type: "String",
        Tier: "Advanced",
        Value: ami,
        Overwrite: true,
      }),
    );
  await point(amis[0]);
  await call(MANAGEMENT, "ram", "EnableSharingWithAwsOrganization");
  await call(FACTORY, "ram", "CreateResourceShare", {
    name: "channel",
    resourceArns: [CHANNEL],
    principals: [CONSUMER],
  });
  const pass = passing(clock);
  await pass(clock instanceof VirtualClock ? 3 * MINUTE : 3_000);

  const ec2 = new EC2Client(settings(CONSUMER));
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const scaling = new AutoScalingClient(settings(CONSUMER));
  return {
    url,
    pass,
    amis,
    point,
    ec2,
    scaling,
    settings: settings(CONSUMER),
    subnets: Subnets.map(({ SubnetId = "" }) => SubnetId).slice(0, 2),
    /** The AMI of each instance that the group has in service. */
    async running(group: string): Promise<string[]> {
      const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] });
      const { AutoScalingGroups: [found] = [] } = await scaling.send(asked);
      const InstanceIds = (found?.Instances ?? [])
        .filter(({ LifecycleState }) => LifecycleState === "InService")
        .map(({ InstanceId = "" }) => InstanceId);
      if (InstanceIds.length === 0) return [];
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({ InstanceIds }));
      return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ ImageId = "" }) => ImageId));
    },
  };
}
