import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  type CreateAutoScalingGroupCommandInput,
  DescribeAutoScalingGroupsCommand,
  DescribeInstanceRefreshesCommand,
  ResumeProcessesCommand,
  SuspendProcessesCommand,
} from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateLaunchTemplateCommand,
  DisableImageCommand,
  EC2Client,
  EnableImageCommand,
  ModifyImageAttributeCommand,
  type RequestLaunchTemplateData,
} from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import type { VirtualClock } from "embedded-aws";
import { findChannel } from "../../adapters/channel/channels.ts";
import { moveInLedger } from "../../adapters/channel/history.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { claimRestoration, recordRevocation, removeRevocation } from "../../adapters/revocation/revocations.ts";
import { listInstances } from "../../adapters/rollout/instances.ts";
import { findRollout, listTargets } from "../../adapters/rollout/rollouts.ts";
import type { Factory, FactoryInput } from "../../core/factory/factory-schema.ts";
import { mirrorParameter, ringParameter } from "../../core/names.ts";
import type { BuildArn } from "../../events/ids.ts";
import { mirrorChannels } from "../../functions/channel/mirror-channel.ts";
import type { ClientClass, Invocation } from "../../functions/invocation.ts";
import { rollOut } from "../../functions/rollout/roll-out.ts";
import { startRollout } from "../../functions/rollout/start-roll-out.ts";
import { steer } from "../../functions/rollout/steer-roll-out.ts";
import { HOME, IMAGE } from "../world/factory-of.ts";
import { FACTORY } from "../world/organization.ts";
import { passUntil } from "../world/time.ts";

export const BUILDING = "400000000001";
export const TESTING = "400000000002";
export const PRODUCTION = "500000000001";
export const CHANNEL = "stable";
const at = { image: IMAGE, channel: CHANNEL };

type Channel = NonNullable<FactoryInput["images"][string]["channels"]>[number];
export type RolloutInput = NonNullable<Channel["rollout"]>;

/** Every group is in its account's wave: `canary` (BUILDING and TESTING), then `rest`. */
export const WAVES = [
  { name: "canary", accounts: [BUILDING, TESTING], bake: "2m" },
  { name: "rest", bake: "2m" },
];

/** A build with its AMIs by region. */
export interface Built {
  readonly build: BuildArn;
  readonly amis: Readonly<Record<string, string>>;
}

export const ONE_WAVE = { waves: [{ name: "all", bake: "2m" }] };
export const amiOf = ({ amis }: Built): string => amis[HOME] ?? "";

/** Requests of roll-outs to Step Functions and Lambda, which `drive` carries out. */
export class Machine {
  readonly executions: { readonly name: string; readonly input: Turns }[] = [];
  /** The inputs of `mirror-channel`. */
  readonly asked: object[] = [];
  readonly #names = new Set<string>();

  start(name: string, input: string): void {
    if (this.#names.has(name)) return;
    this.#names.add(name);
    this.executions.push({ name, input: JSON.parse(input) });
  }
}

interface Turns {
  readonly image: string;
  readonly channel: string;
  readonly id: string;
  readonly nth: number;
}

type Env = "MIRROR_CHANNEL_FUNCTION" | "ROLLOUT_ARN";

/** A factory on an embedded AWS; its functions reach it by `step`, all others by `calm`. */
interface Base {
  readonly factory: Factory;
  readonly clock: VirtualClock;
  readonly ledger: Ledger;
  readonly machine: Machine;
  step(): Invocation<Env>;
  calm(): Invocation<Env>;
  client<Client extends object>(
    Client: ClientClass<Client>,
    where: { readonly account: string; readonly region: string },
  ): Client;
  pass(ms: number): Promise<void>;
}

type AfterTurn = { readonly next: "wait"; readonly seconds: number } | { readonly next: "end" };

/** Actions of operators and AWS during a roll-out, and its visible state. */
export function rolloutDriver(base: Base) {
  const { factory, ledger, machine, pass, client: clientIn } = base;

  /** The invocations of mirror-channel. */
  const mirror = async () => {
    for (let next = machine.asked.shift(); next; next = machine.asked.shift()) {
      await mirrorChannels(next as never, base.calm());
    }
  };
  /** The channel points at a build; copies follow. */
  const point = async ({ build, amis }: Built, how: "promotion" | "revoke" | "rollback" = "promotion") => {
    const now = new Date(base.clock.now());
    const before = await findChannel(ledger, IMAGE, CHANNEL);
    const next = { build, amis: amis as never, startedAt: now.toISOString(), how };
    await moveInLedger(ledger, { ...at, now }, before, next);
    await mirrorChannels({ ...at, all: true }, base.calm());
    await mirror();
  };

  const self = {
    executions: machine.executions,
    mirror,
    point,
    /** Revokes a build; the channel and its rings return to the last usable one at once. */
    async revoke(bad: Built, good: Built) {
      const revoked = { reason: "a test", by: "ada", at: new Date(base.clock.now()).toISOString() };
      await recordRevocation(ledger, bad.build, revoked);
      for (const [region, ImageId] of Object.entries(bad.amis)) {
        await clientIn(EC2Client, { account: FACTORY, region }).send(new DisableImageCommand({ ImageId }));
      }
      if ((await findChannel(ledger, IMAGE, CHANNEL))?.build === bad.build) await point(good, "revoke");
      else {
        await mirrorChannels({ image: IMAGE }, base.calm());
        await mirror();
      }
    },
    /** Restores a revoked build; no channel points at it automatically. */
    async restore({ build, amis }: Built) {
      await claimRestoration(ledger, build, "a test");
      await removeRevocation(ledger, build, "a test");
      for (const [region, ImageId] of Object.entries(amis)) {
        const ec2 = clientIn(EC2Client, { account: FACTORY, region });
        await ec2.send(new EnableImageCommand({ ImageId }));
        await ec2.send(shareWithConsumers(ImageId));
      }
    },
    /** The invocations by `channel.moved` and by the schedule. */
    start: () => startRollout(at, base.step()),
    steer: (action: "halt" | "resume" | "back") => steer({ ...at, action, by: "ada", reason: "a test" }, base.calm()),
    plan: () => rollOut({ plan: at }, base.step()),
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
    /** Takes turns, and lets time pass between them, until every execution has ended or `until` holds. */
    async drive(until: () => boolean | Promise<boolean> = () => false, most = 2_000): Promise<number> {
      for (let turns = 0; turns < most; turns++) {
        const [execution] = machine.executions;
        if (!execution || (await until())) return turns;
        const after = await self.turn(execution.input, turns + 1);
        await mirror();
        if (after.next !== "wait") machine.executions.splice(machine.executions.indexOf(execution), 1);
        else if (await passUntil(pass, after.seconds * 1000, until)) return turns + 1;
      }
      throw new Error(`the roll-out still takes turns after ${most} of them`);
    },
    /** The alarm `errors` of accounts, which has no data. */
    async addAlarms(...accounts: readonly string[]): Promise<void> {
      const alarm = {
        AlarmName: "errors",
        Namespace: "app",
        MetricName: "errors",
        Statistic: "Sum",
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 1,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "ignore",
      } as const;
      for (const account of accounts) {
        await clientIn(CloudWatchClient, { account, region: HOME }).send(new PutMetricAlarmCommand(alarm));
      }
    },
    async setAlarm(account: string, StateValue: "ALARM" | "OK"): Promise<void> {
      const set = new SetAlarmStateCommand({ AlarmName: "errors", StateValue, StateReason: "a test" });
      await clientIn(CloudWatchClient, { account, region: HOME }).send(set);
    },
    /** An owner forbids the refreshes of a group, or allows them again. */
    suspend: (group: string, account = PRODUCTION) =>
      self.autoScaling(account).send(new SuspendProcessesCommand(refreshesOf(group))),
    release: (group: string, account = PRODUCTION) =>
      self.autoScaling(account).send(new ResumeProcessesCommand(refreshesOf(group))),
    turn: (input: Turns, turn = 1) => rollOut({ ...input, turn }, base.step()) as Promise<AfterTurn>,
    /** Delivers Auto Scaling's event of a group's refresh, forwarded from its account. */
    hear: (group: string, account = PRODUCTION, region = HOME) =>
      rollOut(
        {
          id: "8d5f2f4e-0000-4000-8000-000000000000",
          source: "aws.autoscaling",
          "detail-type": "EC2 Auto Scaling Instance Refresh Succeeded",
          account,
          region,
          resources: [],
          detail: { AutoScalingGroupName: group, InstanceRefreshId: "any" },
        },
        base.step(),
      ),
    /** A group that opted in, in service. */
    async addGroup(name: string, group: NewGroup) {
      const { account = PRODUCTION, region = HOME, image, desired = 2, tags = {}, data = {}, ...more } = group;
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
      const LaunchTemplateSpecification = { LaunchTemplateId, Version: more.version ?? "1" };
      const MixedInstancesPolicy = { LaunchTemplate: { LaunchTemplateSpecification, Overrides: more.mixed } };
      const all = Object.entries({ "amint:rollout": `${IMAGE}/${CHANNEL}`, ...tags });
      await clientIn(AutoScalingClient, { account, region }).send(
        new CreateAutoScalingGroupCommand({
          AutoScalingGroupName: name,
          ...(more.mixed ? { MixedInstancesPolicy } : { LaunchTemplate: LaunchTemplateSpecification }),
          MinSize: 0,
          MaxSize: 10,
          DesiredCapacity: desired,
          AvailabilityZones: [`${region}a`],
          ...(more.protect && { NewInstancesProtectedFromScaleIn: true }),
          Tags: all.map(([Key, Value]) => ({ Key, Value, PropagateAtLaunch: false })),
        }),
      );
      await pass(more.settle ?? 2 * 60_000);
      return LaunchTemplateId;
    },
    ring: (wave: string) => `resolve:ssm:${ringParameter(factory.name, IMAGE, CHANNEL, wave)}`,
    copy: `resolve:ssm:${mirrorParameter(factory.name, IMAGE, CHANNEL)}`,
    /** A ring's parameter value in an account. */
    ringSays: (account: string, wave: string, region = HOME) =>
      readParameter(clientIn(SSMClient, { account, region }), ringParameter(factory.name, IMAGE, CHANNEL, wave)),
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
    autoScaling: (account = PRODUCTION, region = HOME) => clientIn(AutoScalingClient, { account, region }),
    ec2: (account = PRODUCTION, region = HOME) => clientIn(EC2Client, { account, region }),
  };
  return self;
}

const refreshesOf = (AutoScalingGroupName: string) => ({ AutoScalingGroupName, ScalingProcesses: ["InstanceRefresh"] });

/** Every consumer may launch it. */
export const shareWithConsumers = (ImageId: string) =>
  new ModifyImageAttributeCommand({
    ImageId,
    Attribute: "launchPermission",
    OperationType: "add",
    UserIds: [BUILDING, TESTING, PRODUCTION],
  });

interface NewGroup {
  readonly account?: string;
  readonly region?: string;
  /** Of its template: an AMI's id, or `resolve:ssm:...`. */
  readonly image: string | undefined;
  readonly desired?: number;
  readonly tags?: Readonly<Record<string, string>>;
  readonly data?: RequestLaunchTemplateData;
  readonly version?: string;
  readonly protect?: boolean;
  /** How long its instances take to be in service; milliseconds. */
  readonly settle?: number;
  readonly mixed?: NonNullable<
    NonNullable<CreateAutoScalingGroupCommandInput["MixedInstancesPolicy"]>["LaunchTemplate"]
  >["Overrides"];
}
