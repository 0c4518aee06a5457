import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { DescribeImagesCommand, DescribeSnapshotsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { CreateStateMachineCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { recordGate } from "../../adapters/evidence/evidence.ts";
import { consumerRoleName } from "../../core/names.ts";
import type { BuildArn } from "../../events/ids.ts";
import { cleanUp } from "../../functions/retirement/clean-up.ts";
import type { Clock } from "../../local/clock/clock.ts";
import { registerImage } from "../../local/services/ec2/register-image.ts";
import { FACTORY, HOME, IMAGE, openSharing } from "../share/world.ts";
import { instead } from "../world/instead.ts";

const DAY = 86_400_000;
export const CANARY = "200000000001";

/** A factory with a state machine for promotions, and what a day's clean-up does after so many days. */
export async function openCleaning(factory: object = {}, clock?: Clock) {
  const world = await openSharing({
    channels: [{ name: "stable", share: { organization: true } }],
    factory,
    ...(clock && { clock }),
  });
  const { aws, optionsOf } = world;
  const began = aws.clock.now();
  const states = new SFNClient(optionsOf(FACTORY));
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  await new IAMClient(optionsOf(FACTORY)).send(
    new CreateRoleCommand({ RoleName: "states", AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  const definition = {
    QueryLanguage: "JSONata",
    StartAt: "Soak",
    States: { Soak: { Type: "Wait", Seconds: 9_000_000, End: true } },
  };
  const { stateMachineArn = "" } = await states.send(
    new CreateStateMachineCommand({
      name: "promotion",
      roleArn: `arn:aws:iam::${FACTORY}:role/states`,
      definition: JSON.stringify(definition),
    }),
  );
  await letIn(new IAMClient(optionsOf(CANARY)));
  const ec2 = (region: string, account = FACTORY) => new EC2Client(optionsOf(account, region));
  const there = (region: string) => ({
    ec2: ec2(region, CANARY),
    autoScaling: new AutoScalingClient(optionsOf(CANARY, region)),
  });
  return {
    ...world,
    there,
    promote: async (build: BuildArn) => {
      const { executionArn } = await states.send(
        new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ image: IMAGE, build }) }),
      );
      return () => states.send(new StopExecutionCommand({ executionArn }));
    },
    async reject(build: BuildArn) {
      await recordGate(world.ledger, build, {
        verdict: "rejected",
        reasons: [],
        decidedAt: new Date(began).toISOString(),
      });
    },
    /** What the clean-up does on that day after the world began. */
    async onDay(day: number, fail?: (region: string) => EC2Client, builder?: ImagebuilderClient) {
      const { client: own } = world.step();
      const failing = fail ? instead(own, EC2Client, (one = HOME) => fail(one)) : own;
      const client = builder ? instead(failing, ImagebuilderClient, () => builder) : failing;
      const env = { PROMOTION_ARN: stateMachineArn };
      return cleanUp(world.step({ now: new Date(began + day * DAY), env, client }));
    },
    async amisIn(region: string) {
      const { Images = [] } = await ec2(region).send(
        new DescribeImagesCommand({ Owners: ["self"], IncludeDisabled: true }),
      );
      return Images.map(({ ImageId = "", Tags = [] }) => ({
        id: ImageId,
        tags: Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value])),
      }));
    },
    async snapshotsIn(region: string) {
      const { Snapshots = [] } = await ec2(region).send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
      return Snapshots.map(({ SnapshotId = "" }) => SnapshotId);
    },
    /** A build whose AMIs stand on a snapshot each. */
    addBuildWithSnapshots: (nth: number) =>
      world.addBuild(nth, (region) =>
        registerImage(aws, FACTORY, region, {
          name: `build-${nth}`,
          architecture: "x86_64",
          rootDeviceName: "/dev/xvda",
          blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 8 } }],
          tags: {},
          snapshotTags: {},
        } as never),
      ),
  };
}

/** The role by which the factory works in the canaries' account; what it may there has tests of its own. */
async function letIn(client: IAMClient): Promise<void> {
  const policy = (statement: object) =>
    JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
  const RoleName = consumerRoleName("sharing");
  const trust = policy({ Principal: { AWS: `arn:aws:iam::${FACTORY}:root` }, Action: "sts:AssumeRole" });
  await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
  const all = policy({ Action: "*", Resource: "*" });
  await client.send(new PutRolePolicyCommand({ RoleName, PolicyName: "all", PolicyDocument: all }));
}
