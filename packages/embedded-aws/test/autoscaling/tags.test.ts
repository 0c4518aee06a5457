import { AutoScaling } from "@aws-sdk/client-auto-scaling";
import { EC2 } from "@aws-sdk/client-ec2";
import { expect, test } from "vitest";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { PRODUCTION, REGION } from "../ec2/an-aws.ts";
import { launchWorld } from "../ec2/launch-world.ts";
import { credentials } from "../wire/transports.ts";

async function group() {
  const { aws, imageId } = await launchWorld();
  const config = { region: REGION, credentials: credentials(PRODUCTION), requestHandler: inProcessHandler(aws) };
  const autoScaling = new AutoScaling({ ...config, maxAttempts: 1 });
  await new EC2(config).createLaunchTemplate({ LaunchTemplateName: "web", LaunchTemplateData: { ImageId: imageId } });
  await autoScaling.createAutoScalingGroup({
    AutoScalingGroupName: "web",
    LaunchTemplate: { LaunchTemplateName: "web" },
    MinSize: 0,
    MaxSize: 1,
    AvailabilityZones: [`${REGION}a`],
    Tags: [{ Key: "team", Value: "web", PropagateAtLaunch: true }],
  });
  const tags = async (Filters?: { Name: string; Values: string[] }[]) =>
    (await autoScaling.describeTags({ Filters })).Tags;
  return { autoScaling, tags };
}

const ofGroup = { ResourceId: "web", ResourceType: "auto-scaling-group" };

test("a group's tags are shown, replaced and taken away", async () => {
  const { autoScaling, tags } = await group();
  const team = { ...ofGroup, Key: "team", Value: "web", PropagateAtLaunch: true };
  expect(await tags()).toEqual([team]);

  const stage = { ...ofGroup, Key: "stage", Value: "live", PropagateAtLaunch: false };
  await autoScaling.createOrUpdateTags({ Tags: [{ ...team, Value: "shop" }, stage] });

  expect(await tags()).toEqual([{ ...team, Value: "shop" }, stage]);
  expect(await tags([{ Name: "propagate-at-launch", Values: ["false"] }])).toEqual([stage]);
  await autoScaling.deleteTags({ Tags: [{ ...ofGroup, Key: "team" }] });
  expect(await autoScaling.describeAutoScalingGroups({})).toMatchObject({ AutoScalingGroups: [{ Tags: [stage] }] });
});

test("a group that does not exist has no tags", async () => {
  const { autoScaling } = await group();
  const Tags = [{ ...ofGroup, ResourceId: "none", Key: "team" }];

  await expect(autoScaling.createOrUpdateTags({ Tags })).rejects.toMatchObject({ name: "ValidationError" });
});
