import { AutoScaling } from "@aws-sdk/client-auto-scaling";
import { EC2 } from "@aws-sdk/client-ec2";
import { EventBridge } from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { injectFaults } from "../../src/faults/inject-faults.ts";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import type { BusEvent } from "../../src/services/events/event.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { FACTORY, PRODUCTION, REGION } from "../ec2/an-aws.ts";
import { OTHER_REGION, PRODUCTION_UNIT, stackSets } from "./stack-set-aws.ts";

const BUS = `arn:aws:events:${REGION}:${FACTORY}:event-bus/factory`;

/** What a consumer's account has in each region: a rule on its default bus, and a role that may put on the factory's bus. */
const TEMPLATE = `
Resources:
  Forwarder:
    Type: AWS::IAM::Role
    Properties:
      RoleName: !Sub "amint-forwarder-\${AWS::Region}"
      AssumeRolePolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Principal: { Service: events.amazonaws.com },
        Action: sts:AssumeRole }] }
      Policies:
        - PolicyName: put
          PolicyDocument: { Version: 2012-10-17, Statement: [{ Effect: Allow, Action: events:PutEvents, Resource: "${BUS}" }] }
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: amint-refreshes
      EventPattern: { source: [aws.autoscaling], detail-type: [{ prefix: EC2 Auto Scaling Instance Refresh }] }
      Targets: [{ Id: factory, Arn: "${BUS}", RoleArn: !GetAtt Forwarder.Arn }]
`;

/** The factory's bus, and the stack set in production's account in two regions. @param open whether the bus lets the organization in */
async function forwarding(open: boolean) {
  const world = await stackSets();
  const events = new EventBridge(world.settings(FACTORY, REGION));
  await events.createEventBus({ Name: "factory" });
  if (open) {
    await events.putPermission({
      EventBusName: "factory",
      StatementId: "organization",
      Action: "events:PutEvents",
      Principal: "*",
      Condition: { Type: "StringEquals", Key: "aws:PrincipalOrgID", Value: "o-exampleorg1" },
    });
  }
  await world.create({ TemplateBody: TEMPLATE, Capabilities: ["CAPABILITY_NAMED_IAM"] });
  await world.put([PRODUCTION_UNIT], { Regions: [REGION, OTHER_REGION] });
  const arrived: BusEvent[] = [];
  watchBus(world.aws, FACTORY, REGION, "factory", (event) => arrived.push(event));
  const refresh = async (region: string) => {
    const imageId = registerImage(world.aws, PRODUCTION, region, {
      name: "golden",
      architecture: "x86_64",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 }],
    });
    const settings = world.settings(PRODUCTION, region);
    await new EC2(settings).createLaunchTemplate({
      LaunchTemplateName: "web",
      LaunchTemplateData: { ImageId: imageId, InstanceType: "t3.micro" },
    });
    const autoScaling = new AutoScaling(settings);
    const named = { AutoScalingGroupName: "web" };
    await autoScaling.createAutoScalingGroup({
      ...named,
      LaunchTemplate: { LaunchTemplateName: "web" },
      MinSize: 1,
      MaxSize: 1,
      AvailabilityZones: [`${region}a`],
    });
    await world.pass(120);
    const Preferences = { CheckpointPercentages: [100], CheckpointDelay: 300 };
    const { InstanceRefreshId } = await autoScaling.startInstanceRefresh({ ...named, Preferences });
    await world.pass(600);
    return InstanceRefreshId;
  };
  return { ...world, arrived, refresh };
}

test("a group's refresh puts events in its account and region, forwarded to the factory's bus in one hop", async () => {
  const { arrived, refresh, instances } = await forwarding(true);
  expect(await instances()).toEqual([`${PRODUCTION} ${REGION} CURRENT`, `${PRODUCTION} ${OTHER_REGION} CURRENT`]);

  for (const region of [REGION, OTHER_REGION]) {
    arrived.length = 0;
    const InstanceRefreshId = await refresh(region);
    const detail = { InstanceRefreshId, AutoScalingGroupName: "web" };
    const arn = expect.stringMatching(
      new RegExp(`^arn:aws:autoscaling:${region}:${PRODUCTION}:autoScalingGroup:[0-9a-f-]+:autoScalingGroupName/web$`),
    );
    expect(
      arrived.map((event) => [event["detail-type"], event.account, event.region, event.resources, event.detail]),
    ).toEqual([
      ["EC2 Auto Scaling Instance Refresh Started", PRODUCTION, region, [arn], detail],
      [
        "EC2 Auto Scaling Instance Refresh Checkpoint Reached",
        PRODUCTION,
        region,
        [arn],
        { ...detail, CheckpointPercentage: "100", CheckpointDelay: "300" },
      ],
      ["EC2 Auto Scaling Instance Refresh Succeeded", PRODUCTION, region, [arn], detail],
    ]);
  }
});

test("a bus that does not allow the organization receives nothing", async () => {
  const { arrived, refresh } = await forwarding(false);
  await refresh(REGION);
  expect(arrived).toEqual([]);
});

test("faults lose such events, and double them", async () => {
  const counts: number[] = [];
  for (const plan of [{ lost: 1 }, { duplicated: { rate: 1, upToMs: 60_000 } }]) {
    const { aws, arrived, refresh } = await forwarding(true);
    injectFaults(aws, { seed: 1, ...plan });
    await refresh(REGION);
    counts.push(arrived.length);
  }
  expect(counts).toEqual([0, 6]);
});
