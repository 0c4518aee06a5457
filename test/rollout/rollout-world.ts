import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
} from "@aws-sdk/client-auto-scaling";
import { CreateLaunchTemplateCommand, EC2Client, type RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import { type InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SSMClient } from "@aws-sdk/client-ssm";
import { STSClient } from "@aws-sdk/client-sts";
import { VirtualClock } from "embedded-aws";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { listInstances } from "../../adapters/rollout/instances.ts";
import { findRollout, listTargets } from "../../adapters/rollout/rollouts.ts";
import type { FactoryInput } from "../../core/factory/factory-schema.ts";
import { consumerRoleName, mirrorParameter, ringParameter, rolloutRoleName } from "../../core/names.ts";
import { mirrorChannels } from "../../functions/channel/mirror-channel.ts";
import { followOrganization } from "../../functions/organization/follow-organization.ts";
import { rollOut } from "../../functions/rollout/roll-out.ts";
import { startRollout } from "../../functions/rollout/start-roll-out.ts";
import { steer } from "../../functions/rollout/steer-roll-out.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import type { ClientOf } from "../../functions/step.ts";
import { consumerTemplate } from "../../stacks/organization/consumer-template.ts";
import { deployTemplate, makeKeys } from "../world/consumers.ts";
import { HOME, IMAGE, REGIONS } from "../world/factory-of.ts";
import { instead } from "../world/instead.ts";
import { FACTORY } from "../world/organization.ts";
import { functionRole, policyOf } from "../world/roles.ts";
import { openWorld } from "../world/world.ts";

export const BUILDING = "400000000001";
export const TESTING = "400000000002";
export const PRODUCTION = "500000000001";
const CHANNEL = "stable";
const at = { image: IMAGE, channel: CHANNEL };

type Channel = NonNullable<FactoryInput["images"][string]["channels"]>[number];

interface Wanted {
  readonly rollout?: NonNullable<Channel["rollout"]>;
  readonly consumers?: NonNullable<FactoryInput["consumers"]>["rollout"];
  readonly factory?: Partial<FactoryInput>;
  readonly regions?: readonly string[];
  /** Wraps the clients that the functions use: faults. */
  readonly wrap?: (client: ClientOf) => ClientOf;
}

export type RolloutWorld = Awaited<ReturnType<typeof openRollouts>>;

/** Every group is of the wave of its account: `canary` (BUILDING and TESTING), then `rest`. */
export const WAVES = [{ name: "canary", accounts: [BUILDING, TESTING], bake: "30m" }, { name: "rest" }];

/**
 * A factory whose channel is rolled out to groups in consumers' accounts, which have the role that deploys; what the
 * state machine, rules and schedules do, `drive` does.
 */
export async function openRollouts({
  rollout = { waves: WAVES },
  consumers,
  factory,
  regions = [HOME],
  wrap,
}: Wanted = {}) {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const world = await openWorld({
    clock,
    regions,
    channels: [{ name: CHANNEL, share: { organizationalUnits: ["ou-exam-workload"] }, rollout }],
    factory: { consumers: { verify: ["444455556666"], mirror: true, rollout: consumers }, ...factory },
  });
  const { ledger, pass, client: clientIn } = world;
  const keys = await makeKeys(world, regions);
  const roles = [consumerRoleName, rolloutRoleName].map((name) => `arn:aws:iam::*:role/${name(world.factory.name)}`);
  const acting = `amint-${world.factory.name}-roll-out`;
  const credentials = await functionRole(
    world,
    acting,
    policyOf(...roles.map((Resource) => ({ Effect: "Allow" as const, Action: "sts:AssumeRole", Resource }))),
  );
  const actors = [`arn:aws:iam::${FACTORY}:role/${acting}`];
  const template = consumerTemplate({
    partition: "aws",
    account: FACTORY,
    factory: world.factory.name,
    organization: world.factory.organization.id,
    consumers: world.factory.consumers!,
    actors,
    keys,
    tags: {},
    rollout: { actors, home: HOME },
  });
  for (const account of [BUILDING, TESTING, PRODUCTION]) await deployTemplate(world, account, template);

  const executions: {
    readonly name: string;
    readonly input: { image: string; channel: string; id: string; nth: number };
  }[] = [];
  const names = new Set<string>();
  const machine = {
    async send({ input }: { input: { name?: string; input?: string } }) {
      if (input.name === undefined) return { executions: executions.map(({ name }) => ({ name })) };
      if (names.has(input.name)) return {};
      names.add(input.name);
      executions.push({ name: input.name, input: JSON.parse(input.input ?? "{}") });
      return {};
    },
    config: {},
  };
  const asked: Record<string, unknown>[] = [];
  const functions = { send: async ({ input }: InvokeCommand) => void asked.push(JSON.parse(String(input.Payload))) };
  const sts = new STSClient({ ...world.optionsOf(FACTORY), credentials });
  const plain = instead(
    instead(
      instead(world.step().client, STSClient, () => sts),
      LambdaClient,
      () => functions,
    ),
    SFNClient,
    () => Object.assign(Object.create(SFNClient.prototype), machine),
  );
  const client = wrap ? wrap(plain) : plain;
  const env = {
    MIRROR_CHANNEL_FUNCTION: "mirror-channel",
    ROLLOUT_ARN: "arn:machine",
    KEEP_GRANTS_FUNCTION: "keep-grants",
    KEY_ARNS: keys.join(","),
  };
  const step = () => world.step({ env, client, wait: pass });
  const calm = () => world.step({ env, client: plain, wait: pass });
  await followOrganization({ scheduledTime: new Date(clock.now()).toISOString(), rings: false }, calm());
  asked.length = 0;

  /** What mirror-channel was asked for. */
  const mirror = async () => {
    for (let next = asked.shift(); next; next = asked.shift()) {
      if ("channel" in next) await mirrorChannels(next as never, calm());
    }
  };

  const self = {
    ...world,
    step,
    executions,
    /** Built, shared in every region, and the channel points at it; copies follow. */
    async promote(nth: number) {
      const built = await world.addBuild(nth);
      for (const region of regions) {
        await shareImage({ image: IMAGE, build: built.build, channel: CHANNEL, region }, calm());
      }
      await pass(1_000);
      await world.point(CHANNEL, built);
      await mirrorChannels({ image: IMAGE, channel: CHANNEL, all: true }, calm());
      await mirror();
      return built;
    },
    /** What `channel.moved` starts. */
    start: () => startRollout(at, step()),
    steer: (action: "halt" | "resume" | "back") => steer({ ...at, action, by: "ada", reason: "a test" }, step()),
    plan: () => rollOut({ plan: at }, step()),
    record: () => findRollout(ledger, at),
    async targets() {
      const record = await findRollout(ledger, at);
      return record ? listTargets(ledger, { ...at, rollout: record.id }) : [];
    },
    /** Each group's state, and why. */
    async states(): Promise<Record<string, string>> {
      const targets = await self.targets();
      return Object.fromEntries(targets.map(({ group, state, why }) => [group, why ? `${state}: ${why}` : state]));
    },
    mirror,
    /** Takes turns, and lets time pass between them, until every execution has ended or `until` holds. */
    async drive(until: () => boolean | Promise<boolean> = () => false, most = 2_000): Promise<number> {
      for (let turns = 0; turns < most; turns++) {
        const [execution] = executions;
        if (!execution || (await until())) return turns;
        const after = await self.turn(execution.input, turns + 1);
        await mirror();
        if (after.next !== "wait") executions.splice(executions.indexOf(execution), 1);
        else await pass(after.seconds * 1000);
      }
      throw new Error(`the roll-out still takes turns after ${most} of them`);
    },
    turn: (input: (typeof executions)[number]["input"], turn = 1) =>
      rollOut({ ...input, turn }, step()) as Promise<{ next: "wait"; seconds: number } | { next: "end" }>,
    /** A group that opted in, in service. */
    async addGroup(
      name: string,
      { account = PRODUCTION, region = HOME, image, desired = 2, tags = {}, data = {}, ...more }: NewGroup,
    ) {
      const ec2 = clientIn(EC2Client, { account, region });
      const { LaunchTemplate } = await ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: name,
          LaunchTemplateData: { ImageId: image, InstanceType: "t3.micro", ...data },
          TagSpecifications: [
            { ResourceType: "launch-template", Tags: [{ Key: "amint:rollout", Value: `${IMAGE}/${CHANNEL}` }] },
          ],
        }),
      );
      const LaunchTemplateId = LaunchTemplate?.LaunchTemplateId ?? "";
      await clientIn(AutoScalingClient, { account, region }).send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName: name,
          ...(!more.mixed && { LaunchTemplate: { LaunchTemplateId, Version: more.version ?? "1" } }),
          ...(more.mixed && {
            MixedInstancesPolicy: {
              LaunchTemplate: {
                LaunchTemplateSpecification: { LaunchTemplateId, Version: more.version ?? "1" },
                Overrides: more.mixed,
              },
            },
          }),
          MinSize: 0,
          MaxSize: 10,
          DesiredCapacity: desired,
          AvailabilityZones: [`${region}a`],
          Tags: Object.entries({ "amint:rollout": `${IMAGE}/${CHANNEL}`, ...tags }).map(([Key, Value]) => ({
            Key,
            Value,
            PropagateAtLaunch: false,
          })),
        }),
      );
      await pass(10 * 60_000);
      return LaunchTemplateId;
    },
    ring: (wave: string) => `resolve:ssm:${ringParameter(world.factory.name, IMAGE, CHANNEL, wave)}`,
    copy: `resolve:ssm:${mirrorParameter(world.factory.name, IMAGE, CHANNEL)}`,
    /** What a ring's parameter says in an account. */
    ringSays: (account: string, wave: string, region = HOME) =>
      readParameter(clientIn(SSMClient, { account, region }), ringParameter(world.factory.name, IMAGE, CHANNEL, wave)),
    /** The AMIs of a group's instances. */
    async amis(group: string, account = PRODUCTION, region = HOME): Promise<string[]> {
      return (await listInstances(clientIn(EC2Client, { account, region }), [group])).map(({ ami }) => ami);
    },
    async group(name: string, account = PRODUCTION, region = HOME) {
      const asked = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] });
      return (await clientIn(AutoScalingClient, { account, region }).send(asked)).AutoScalingGroups?.[0];
    },
    async refreshes(name: string, account = PRODUCTION, region = HOME) {
      const asked = new DescribeInstanceRefreshesCommand({ AutoScalingGroupName: name });
      return (await clientIn(AutoScalingClient, { account, region }).send(asked)).InstanceRefreshes ?? [];
    },
  };
  return self;
}

interface NewGroup {
  readonly account?: string;
  readonly region?: string;
  /** Of its template: an AMI's id, or `resolve:ssm:...`. */
  readonly image: string;
  readonly desired?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly data?: RequestLaunchTemplateData;
  readonly version?: string;
  readonly mixed?: NonNullable<
    NonNullable<CreateAutoScalingGroupCommandInput["MixedInstancesPolicy"]>["LaunchTemplate"]
  >["Overrides"];
}

export { REGIONS };
