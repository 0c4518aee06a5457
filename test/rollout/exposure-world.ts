import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  DescribeAutoScalingGroupsCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  EC2Client,
  ModifyImageAttributeCommand,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { type InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateScheduleGroupCommand, ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { VirtualClock } from "embedded-aws";
import { keepEvidence } from "../../adapters/evidence/evidence-store.ts";
import { listClocks, openClocks, readCells } from "../../adapters/rollout/exposures.ts";
import { toClocks } from "../../core/rollout/exposure.ts";
import type { BuildArn } from "../../events/ids.ts";
import { followOrganization } from "../../functions/organization/follow-organization.ts";
import { watchExposure } from "../../functions/rollout/watch-exposure.ts";
import { enterable, makeKeys } from "../world/consumers.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { FACTORY, organization } from "../world/organization.ts";
import { BEGIN, MINUTE } from "../world/time.ts";
import { openWorld, type World } from "../world/world.ts";

const CHANNEL = "stable";
const BUCKET = "evidence-of-tests";
const ADVISORY = "ALAS2023-2026-1";

const manifestWith = (release: string) => ({
  packages: [
    { name: "openssl", epoch: "1", version: "3.2.2", release, architecture: "x86_64", source: "openssl", module: "" },
  ],
});

const SCHEDULE_GROUP = "exposure";

/** With a group of instances in the first account, whose build has an advisory. */
export async function openSeen(options: Options, count = 1) {
  const world = await openExposure(options);
  const old = await world.promote(1, "1.amzn2023");
  const group = await world.launch(options.deployedTo[0] ?? "", old.ami, count);
  await world.see(old);
  return { ...world, old, group };
}

/** The stack's group and role for the schedule of close counts. */
async function makeScheduling(client: World["client"]): Promise<void> {
  await client(SchedulerClient).send(new CreateScheduleGroupCommand({ Name: SCHEDULE_GROUP }));
  const Statement = [{ Effect: "Allow", Principal: { Service: "scheduler.amazonaws.com" }, Action: "sts:AssumeRole" }];
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await client(IAMClient).send(new CreateRoleCommand({ RoleName: SCHEDULE_GROUP, AssumeRolePolicyDocument }));
}

/** A test's consumers: with a group in each, or without. */
interface Options {
  /** Accounts with an instance of the StackSet. */
  readonly deployedTo: readonly string[];
  /** Additional accounts of the organization without the role. */
  readonly more?: number;
}

/**
 * Consumers' accounts with groups that follow a channel, entered by the role that deploys, and the clock's function. Builds
 * have manifests in a bucket: the advisory is about openssl before `2.amzn2023`.
 */
export async function openExposure({ deployedTo, more = 0 }: Options) {
  const others = Array.from({ length: more }, (_, nth) => ({ id: String(700_000_000_000 + nth), name: `team-${nth}` }));
  const world = await openWorld({
    clock: new VirtualClock(BEGIN),
    seed: { ...organization, accounts: [...organization.accounts, ...others] },
    regions: [HOME],
    channels: [{ name: CHANNEL, share: { accounts: [...deployedTo, ...others.map(({ id }) => id)] }, rollout: {} }],
    factory: { consumers: { verify: ["444455556666"] } },
  });
  const { ledger, pass, client: clientOf } = world;
  const keys = await makeKeys(world, [HOME]);
  const { client: entering, deploy } = await enterable(world, { by: "watch-exposure", keys, rollout: true });
  for (const account of deployedTo) await deploy(account);
  const store = { client: clientOf(S3Client), bucket: BUCKET };
  await store.client.send(
    new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: HOME } }),
  );

  await makeScheduling(clientOf);
  const later: object[] = [];
  const asked: { readonly name: string | undefined; readonly event: object }[] = [];
  const functions = {
    send: async ({ input }: InvokeCommand) => {
      const event = JSON.parse(String(input.Payload));
      asked.push({ name: input.FunctionName, event });
      if (input.FunctionName === "watch-exposure") later.push(event);
    },
  };
  const client = instead(entering, LambdaClient, () => functions);
  const env = {
    EVIDENCE_BUCKET: BUCKET,
    WATCH_EXPOSURE_FUNCTION: "watch-exposure",
    MIRROR_CHANNEL_FUNCTION: "mirror-channel",
    KEEP_GRANTS_FUNCTION: "keep-grants",
    KEY_ARNS: keys.join(","),
    SCHEDULE_GROUP,
    SCHEDULE_ROLE_ARN: `arn:aws:iam::${FACTORY}:role/${SCHEDULE_GROUP}`,
    WATCH_EXPOSURE_ARN: `arn:aws:lambda:${HOME}:${FACTORY}:function:watch-exposure`,
    DEAD_LETTERS_ARN: `arn:aws:sqs:${HOME}:${FACTORY}:watch-exposure-dead-letters`,
  };
  const step = () => world.step({ env, client, wait: pass });
  await followOrganization({ scheduledTime: new Date(world.clock.now()).toISOString() }, step());

  const ec2 = (account: string) => clientOf(EC2Client, { account });
  const scaling = (account: string) => clientOf(AutoScalingClient, { account });
  const templates = new Map<string, string>();
  return {
    ...world,
    step,
    /** The work that the function left to its next invocation. */
    later,
    /** All invocations. */
    asked,
    /** Adds a build that consumers may launch, with its manifest; the channel points at it. */
    async promote(nth: number, release: string) {
      const built = await world.addBuild(nth);
      const ImageId = built.amis[HOME] ?? "";
      const Add = deployedTo.map((UserId) => ({ UserId }));
      await clientOf(EC2Client).send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add } }));
      await keepEvidence(store, built.build, { manifest: manifestWith(release) });
      await pass(MINUTE);
      await world.point(CHANNEL, built);
      return { ...built, ami: ImageId };
    },
    /** A group with a number of instances of an AMI, which opts in. */
    async launch(account: string, ami: string, count: number, tag = `${IMAGE}/${CHANNEL}`) {
      const LaunchTemplateData = { ImageId: ami, InstanceType: "t3.micro" as const };
      const made = await ec2(account).send(
        new CreateLaunchTemplateCommand({ LaunchTemplateName: `web-${templates.size}`, LaunchTemplateData }),
      );
      const name = `group-${templates.size}`;
      templates.set(name, made.LaunchTemplate?.LaunchTemplateId ?? "");
      await scaling(account).send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName: name,
          LaunchTemplate: { LaunchTemplateId: templates.get(name), Version: "1" },
          MinSize: 0,
          MaxSize: 20,
          DesiredCapacity: count,
          AvailabilityZones: [`${HOME}a`],
          Tags: [{ Key: "amint:rollout", Value: tag }],
        }),
      );
      await pass(5 * MINUTE);
      return name;
    },
    /** The group launches this AMI from now on. */
    async use(account: string, group: string, ami: string) {
      const LaunchTemplateId = templates.get(group);
      const { LaunchTemplateVersion } = await ec2(account).send(
        new CreateLaunchTemplateVersionCommand({
          LaunchTemplateId,
          SourceVersion: "1",
          LaunchTemplateData: { ImageId: ami },
        }),
      );
      const Version = String(LaunchTemplateVersion?.VersionNumber);
      await scaling(account).send(
        new UpdateAutoScalingGroupCommand({
          AutoScalingGroupName: group,
          LaunchTemplate: { LaunchTemplateId, Version },
        }),
      );
    },
    resize: (account: string, group: string, DesiredCapacity: number) =>
      scaling(account).send(new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: group, DesiredCapacity })),
    /** Terminates a number of a group's oldest instances; the group replaces them. */
    async replace(account: string, group: string, count: number) {
      const { AutoScalingGroups = [] } = await scaling(account).send(
        new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [group] }),
      );
      const ids = (AutoScalingGroups[0]?.Instances ?? []).flatMap(({ InstanceId }) => InstanceId ?? []);
      await ec2(account).send(new TerminateInstancesCommand({ InstanceIds: ids.slice(0, count) }));
      await pass(2 * MINUTE);
    },
    /** An advisory is seen in a build. */
    see: (affected: { readonly build: BuildArn }, startedAt = new Date(world.clock.now() - MINUTE).toISOString()) =>
      openClocks(
        ledger,
        toClocks(
          [
            {
              id: ADVISORY,
              severity: "important",
              cves: ["CVE-2026-1"],
              issued: "2026-04-01",
              fixes: [{ name: "openssl", architecture: "x86_64", version: "1:3.2.2-2.amzn2023" }],
            },
          ],
          {
            image: IMAGE,
            channels: [CHANNEL],
            affected: { build: affected.build, startedAt },
            manifest: manifestWith("1.amzn2023") as never,
            now: new Date(world.clock.now()),
          },
        ),
      ),
    look: () => watchExposure({ scheduledTime: new Date(world.clock.now()).toISOString() }, step()),
    /** What the schedule of close counts invokes. */
    lookClosely: () =>
      watchExposure({ scheduledTime: new Date(world.clock.now()).toISOString(), closely: true }, step()),
    async schedules() {
      const { Schedules = [] } = await clientOf(SchedulerClient).send(
        new ListSchedulesCommand({ GroupName: SCHEDULE_GROUP }),
      );
      return Schedules.map(({ Name }) => Name);
    },
    async clockOf() {
      const [found] = await listClocks(ledger);
      if (!found) throw new Error("No clock was started.");
      return found;
    },
    cells: async () => readCells(ledger, { image: IMAGE, channel: CHANNEL, advisory: ADVISORY }),
  };
}
