import { autoScalingState, ssmState, templatesState } from "embedded-aws/state";
import { HOME } from "../../world/factory-of.ts";
import type { Built } from "../rollout-driver.ts";
import type { Asked, DirectWorld } from "./direct-world.ts";

/** In service and healthy, until it was ended. */
const served = ({ healthy, failing, inServiceAt }: Serving): boolean =>
  healthy && !failing && inServiceAt !== undefined;
interface Serving {
  readonly healthy: boolean;
  readonly failing: boolean;
  readonly inServiceAt: number | undefined;
}

/** Invariants of every history. */
export function watchHistory(world: DirectWorld, refused: ReadonlySet<string>, builds: readonly Built[]) {
  const broken: string[] = [];
  /** A roll-out's started refreshes, by group and direction. */
  const started = new Map<string, string[]>();
  /** The groups' desired capacity when their refreshes started. */
  const desired = new Map<string, number>();
  const gone = new Set<string>();
  const { aws } = world;

  const groupOf = (account: string, name: string) => aws.state(autoScalingState, account, HOME).groups.get(name);

  function amisOf({ account, input }: Asked): (string | undefined)[] {
    const group = groupOf(account, String(input.AutoScalingGroupName));
    const wanted = input.DesiredConfiguration as
      | {
          LaunchTemplate?: { LaunchTemplateId: string; Version: string };
          MixedInstancesPolicy?: {
            LaunchTemplate: {
              LaunchTemplateSpecification: { LaunchTemplateId: string; Version: string };
              Overrides: { ImageId?: string }[];
            };
          };
        }
      | undefined;
    const policy = wanted?.MixedInstancesPolicy?.LaunchTemplate;
    const overridden = (policy?.Overrides ?? []).flatMap(({ ImageId }) => ImageId ?? []);
    if (overridden.length > 0) return overridden;
    const named = wanted?.LaunchTemplate ?? policy?.LaunchTemplateSpecification;
    const id = named?.LaunchTemplateId ?? group?.configuration.template.id ?? "";
    const version = named?.Version ?? group?.configuration.template.version;
    const template = aws.state(templatesState, account, HOME).templates.get(id);
    const image = template?.versions.find(({ number }) => String(number) === version)?.data.ImageId;
    const parameter = image?.startsWith("resolve:ssm:") ? image.slice("resolve:ssm:".length) : undefined;
    if (parameter === undefined) return [image];
    return [aws.state(ssmState, account, HOME).parameters.get(parameter)?.versions.at(-1)?.value];
  }

  /** Before a refresh is started. */
  async function start(asked: Asked): Promise<void> {
    const name = String(asked.input.AutoScalingGroupName);
    const record = await world.record();
    const targets = await world.targets();
    const target = targets.find(({ group, account }) => group === name && account === asked.account);
    const say = (what: string) => broken.push(`${name}: ${what}`);
    if (!record || !target?.intent) return void say("a refresh starts without a recorded intent");
    for (const ami of amisOf(asked)) {
      const build = builds.find(({ amis }) => amis[HOME] === ami);
      if (!build) say(`a refresh starts towards ${ami}, which belongs to no build`);
      else if (refused.has(build.build)) say(`a refresh starts towards ${build.build}, which is revoked or ungated`);
    }
    const refreshes = groupOf(asked.account, name)?.refreshes ?? [];
    const key = `${record.id} ${asked.account} ${name} ${target.intent.towards}`;
    const before = refreshes.find(({ id }) => id === started.get(key)?.at(-1));
    if (before?.status === "Successful") {
      // A refresh during which the group grew from nothing may replace none: the group failed, and was resumed.
      const isResumed = target.intent.towards === "new" && target.tries === 1;
      const runs = await world.amis(name, asked.account);
      const wanted = amisOf(asked);
      if (!isResumed || runs.every((ami) => wanted.includes(ami)))
        say("it is refreshed a second time, after Successful");
    }
    if (target.intent.towards !== "new" || record.kind !== "normal") return;
    const step = record.steps[target.step];
    // A group that its owner held, or that was unreachable, continues after its step.
    if (record.index > target.step) return;
    if (target.step > record.index) say("its step has not begun");
    const others = targets.filter((one) => one !== target);
    if (step?.first && others.some((one) => one.refresh && one.state !== "failed" && !one.turned)) {
      say("it is replaced beside the first group");
    }
    const former = record.steps[target.step - 1];
    // A group that could not start in its step continues beside this one.
    const earlier = others.filter(
      (one) => one.step === target.step - 1 && one.refresh && (one.startedAt ?? "") < (former?.endedAt ?? ""),
    );
    for (const one of earlier) {
      if (started.has(`${record.id} step ${target.step}`)) continue;
      const its = groupOf(one.account, one.group)?.refreshes.find(({ id }) => id === one.refresh?.id);
      if (!its || one.refresh?.towards !== "new") continue;
      if (its.endedAt === undefined) say(`its wave starts while ${one.group} is ${its.status}`);
      if (its.status === "Successful" && (its.preferences.BakeTime ?? 0) !== former?.bake)
        say(`${one.group} did not bake`);
      if (its.status === "Successful" && (its.bakedAt ?? 0) > world.clock.now()) say(`${one.group} bakes`);
    }
    started.set(`${record.id} step ${target.step}`, []);
  }

  /** After it was. */
  async function haveStarted(asked: Asked, { InstanceRefreshId = "" }: { InstanceRefreshId?: string }): Promise<void> {
    const name = String(asked.input.AutoScalingGroupName);
    const record = await world.record();
    const target = (await world.targets()).find(({ group, account }) => group === name && account === asked.account);
    const key = `${record?.id} ${asked.account} ${name} ${target?.intent?.towards}`;
    started.set(key, [...(started.get(key) ?? []), InstanceRefreshId]);
    desired.set(InstanceRefreshId, groupOf(asked.account, name)?.desired ?? 0);
  }

  // Auto Scaling marks an instance before EC2 terminates it.
  const end = aws.observeCalls(({ service, operation, caller }) => {
    if (service !== "ec2" || operation !== "TerminateInstances") return;
    const account = caller.account ?? caller.principal.account;
    for (const group of aws.state(autoScalingState, account, caller.region).groups.values()) {
      const members = [...group.members.values()];
      const taken = members.filter(({ instanceId, state }) => state === "Terminating" && !gone.has(instanceId));
      for (const { instanceId } of taken) gone.add(instanceId);
      const refresh = group.refreshes.at(-1);
      const replaces = refresh?.status === "InProgress" || refresh?.status === "RollbackInProgress";
      if (!refresh || !replaces || !taken.some(served)) continue;
      // Its owner scaled it in to one instance meanwhile, which AWS terminates first.
      if (group.desired === 1 && refresh.preferences.MinHealthyPercentage < 100 && (desired.get(refresh.id) ?? 1) > 1)
        continue;
      const ready = members.filter(
        ({ state, healthy, failing }) => state === "InService" && healthy && !failing,
      ).length;
      const least = Math.ceil((group.desired * refresh.preferences.MinHealthyPercentage) / 100);
      if (ready < least) broken.push(`${group.name}: a refresh leaves ${ready} healthy instances, ${least} must be`);
    }
  });
  return { broken, start, haveStarted, end };
}
