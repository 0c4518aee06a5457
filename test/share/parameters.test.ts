import {
  CreateLaunchTemplateCommand,
  DescribeInstancesCommand,
  EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { MoveAccountCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import {
  DisassociateResourceShareCommand,
  EnableSharingWithAwsOrganizationCommand,
  GetResourceSharesCommand,
  RAMClient,
} from "@aws-sdk/client-ram";
import { DeleteParameterCommand, GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { VirtualClock } from "embedded-aws";
import { expect, test } from "vitest";
import { channelParameter, channelParameterArn } from "../../core/names.ts";
import { confirmPublished } from "../../functions/channel/confirm-published.ts";
import { publishChannel } from "../../functions/channel/publish-channel.ts";
import { followOrganization } from "../../functions/organization/follow-organization.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { shareParameter } from "../../functions/share/share-parameter.ts";
import { HOME, IMAGE, REGIONS } from "../world/factory-of.ts";
import { FACTORY, MANAGEMENT, STRANGER } from "../world/organization.ts";
import { BEGIN } from "../world/time.ts";
import { openWorld, type World } from "../world/world.ts";

const SANDBOX = "200000000001";
const PRODUCTION = "500000000001";
const WORKLOAD = "400000000001";
const channels = [
  { name: "candidate", share: { organizationalUnits: ["ou-exam-sandbox1"] } },
  {
    name: "stable",
    share: { organization: true as const, except: { accounts: [WORKLOAD], organizationalUnits: ["ou-exam-sandbox1"] } },
  },
];

/** RAM's sharing with the organization is on, as `amint org setup` asks, and the organization was read. */
async function open() {
  const world = await openWorld({ clock: new VirtualClock(BEGIN), channels });
  await new RAMClient(world.optionsOf(MANAGEMENT, "us-east-1")).send(new EnableSharingWithAwsOrganizationCommand({}));
  await look(world);
  return world;
}

const look = (world: World) =>
  followOrganization({ scheduledTime: new Date(world.aws.clock.now()).toISOString() }, world.step());

/** Its functions wait for SSM. */
const publish = (world: World, at: { readonly image: string; readonly channel: string }) =>
  world.through(
    publishChannel(at, world.step()).then((pointed) => confirmPublished(at, pointed as never, world.step())),
  );

/** Shares a build with a channel in every region, moves the channel to it, and sends the event. */
async function promote(world: World, nth: number, channel: string) {
  const { build, amis } = await world.addBuild(nth);
  for (const region of REGIONS) await shareImage({ image: IMAGE, build, channel, region }, world.step());
  await world.point(channel, { build, amis });
  const at = { image: IMAGE, channel };
  await publish(world, at);
  return { build, amis };
}

/** As the state machine does it: again until RAM has it in effect. */
async function share(world: World, { build }: { build: never }, channel: string): Promise<number> {
  for (let tries = 1; ; tries++) {
    const done = await Promise.allSettled(
      REGIONS.map((region) => shareParameter({ image: IMAGE, build, channel, region }, world.step())),
    );
    const failures = done.flatMap((one) => (one.status === "rejected" ? [one.reason as Error] : []));
    if (failures.length === 0) return tries;
    expect(failures.map(({ name }) => name)).not.toContainEqual(expect.not.stringMatching(/^ParameterShareNotYet$/));
    await world.pass(2_000);
  }
}

const arnIn = (region: string, channel: string) =>
  channelParameterArn({ partition: "aws", region, account: FACTORY }, "sharing", IMAGE, channel);

/** The value of a channel's parameter that an account reads in each region, or the error. */
const reads = (world: World, account: string, channel: string) =>
  Promise.all(
    REGIONS.map(async (region) => {
      const ssm = new SSMClient(world.optionsOf(account, region));
      try {
        return (await ssm.send(new GetParameterCommand({ Name: arnIn(region, channel) }))).Parameter?.Value;
      } catch (error) {
        return (error as Error).name;
      }
    }),
  );

const refused = ["AccessDeniedException", "AccessDeniedException"];

test("each channel's parameter is read in every region by exactly the channel's consumers", async () => {
  const world = await open();
  const candidate = await promote(world, 2, "candidate");
  const stable = await promote(world, 1, "stable");

  await share(world, candidate as never, "candidate");
  const tries = await share(world, stable as never, "stable");
  const again = await share(world, stable as never, "stable");

  const values = ({ amis }: typeof stable) => REGIONS.map((region) => amis[region]);
  expect(await reads(world, SANDBOX, "candidate")).toEqual(values(candidate));
  expect(await reads(world, PRODUCTION, "candidate")).toEqual(refused);
  expect(await reads(world, PRODUCTION, "stable")).toEqual(values(stable));
  expect(await reads(world, WORKLOAD, "stable")).toEqual(refused);
  expect(await reads(world, SANDBOX, "stable")).toEqual(refused);
  expect(await reads(world, STRANGER, "stable")).toEqual(refused);
  expect(tries).toBeGreaterThan(1);
  expect(again).toBe(1);
  const { resourceShares = [] } = await new RAMClient(world.optionsOf(FACTORY, HOME)).send(
    new GetResourceSharesCommand({ resourceOwner: "SELF" }),
  );
  expect(resourceShares.map(({ name, allowExternalPrincipals }) => ({ name, allowExternalPrincipals }))).toEqual([
    { name: "amint-sharing-base-candidate", allowExternalPrincipals: false },
    { name: "amint-sharing-base-stable", allowExternalPrincipals: false },
  ]);
});

test("a consumer's launch template names the shared parameter, and launches what it says", {
  tags: "deep",
}, async () => {
  const world = await open();
  const promoted = await promote(world, 1, "stable");
  await share(world, promoted as never, "stable");
  const ec2 = new EC2Client(world.optionsOf(PRODUCTION, "us-east-1"));
  await ec2.send(
    new CreateLaunchTemplateCommand({
      LaunchTemplateName: "web",
      LaunchTemplateData: { ImageId: `resolve:ssm:${arnIn("us-east-1", "stable")}`, InstanceType: "t3.micro" },
    }),
  );

  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({ LaunchTemplate: { LaunchTemplateName: "web" }, MinCount: 1, MaxCount: 1 }),
  );

  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: Instances.flatMap(({ InstanceId }) => InstanceId ?? []) }),
  );
  expect(Reservations[0]?.Instances?.[0]?.ImageId).toBe(promoted.amis["us-east-1"]);
});

test("a parameter that was deleted and created again is shared again, and a consumer that was removed is added again", {
  tags: "deep",
}, async () => {
  const world = await open();
  const promoted = await promote(world, 1, "stable");
  await share(world, promoted as never, "stable");
  const name = channelParameter("sharing", IMAGE, "stable");
  await new SSMClient(world.optionsOf(FACTORY, HOME)).send(new DeleteParameterCommand({ Name: name }));
  const ram = new RAMClient(world.optionsOf(FACTORY, "us-east-1"));
  const { resourceShares = [] } = await ram.send(new GetResourceSharesCommand({ resourceOwner: "SELF" }));
  const resourceShareArn = resourceShares[0]?.resourceShareArn ?? "";
  await ram.send(
    new DisassociateResourceShareCommand({
      resourceShareArn,
      principals: ["arn:aws:organizations::999988887777:ou/o-exampleorgid/ou-exam-produc11"],
    }),
  );
  const before = await reads(world, PRODUCTION, "stable");

  const at = { image: IMAGE, channel: "stable" };
  await publish(world, at);
  await share(world, promoted as never, "stable");

  expect(before).toEqual(["AccessDeniedException", "AccessDeniedException"]);
  expect(await reads(world, PRODUCTION, "stable")).toEqual(REGIONS.map((region) => promoted.amis[region]));
});

test("who moves into an exception of a share loses its parameter with the next look at the organization", async () => {
  const world = await open();
  const promoted = await promote(world, 1, "stable");
  await share(world, promoted as never, "stable");
  // Its OU has an exception, so that it was shared with by its own id.
  const before = await reads(world, "400000000002", "stable");
  await new OrganizationsClient(world.optionsOf(MANAGEMENT)).send(
    new MoveAccountCommand({
      AccountId: "400000000002",
      SourceParentId: "ou-exam-workload",
      DestinationParentId: "ou-exam-sandbox1",
    }),
  );
  const unread = await reads(world, "400000000002", "stable");

  await look(world);

  expect(before).toEqual(REGIONS.map((region) => promoted.amis[region]));
  expect(unread).toEqual(before);
  expect(await reads(world, "400000000002", "stable")).toEqual(refused);
  const said = world.said.map(({ detail }) => String(detail.repair));
  expect(said.filter((one) => one.startsWith("/imagebuilder"))).toEqual(
    REGIONS.map(
      (region) =>
        `/imagebuilder/amint/sharing/base/stable in ${region} follows the organization: unshared from 400000000002`,
    ),
  );
});
