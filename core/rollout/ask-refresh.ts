import type { Rollout } from "../factory/rollout-schema.ts";
import type { OptedInGroup, Override } from "./group.ts";
import type { RolloutMode } from "./records.ts";

/** The input of `StartInstanceRefresh` (API reference), as plain values that can be compared. */
export interface RefreshSettings {
  readonly desired: Readonly<Record<string, unknown>> | undefined;
  readonly preferences: Readonly<Record<string, unknown>>;
}

interface Towards {
  readonly how: RolloutMode;
  readonly group: Pick<OptedInGroup, "mixed" | "template">;
  /** The AMI of the new build; undefined: roll back to the group's previous configuration. */
  readonly ami: string | undefined;
}

type Policy = Pick<Rollout, "minHealthy" | "maxHealthy" | "warmup" | "alarms">;

/** Ignores protected and standby instances: by default a refresh waits an hour for them and then fails. */
export const LEFT_ALONE = { ScaleInProtectedInstances: "Ignore", StandbyInstances: "Ignore" } as const;

/**
 * The settings of a group's refresh. A group whose template resolves a parameter supports neither a desired configuration,
 * skip matching nor automatic rollback (EC2 Auto Scaling user guide, "Use AWS Systems Manager parameters instead of AMI IDs
 * in launch templates", Limitations).
 */
export function refreshSettings(towards: Towards, policy: Policy, bake: number): RefreshSettings {
  const { warmup, alarms } = policy;
  const { minHealthy, maxHealthy } = towards.ami === undefined ? whole(policy) : policy;
  const desired = desiredOf(towards);
  return {
    desired,
    preferences: {
      MinHealthyPercentage: minHealthy,
      MaxHealthyPercentage: maxHealthy,
      ...LEFT_ALONE,
      ...(warmup !== undefined && { InstanceWarmup: warmup }),
      ...(bake > 0 && { BakeTime: bake }),
      // The alarm that caused a rollback must not stop it.
      ...(alarms.length > 0 && towards.ami !== undefined && { AlarmSpecification: { Alarms: alarms } }),
      ...(desired && { SkipMatching: true, AutoRollback: towards.ami !== undefined }),
    },
  };
}

/** A rollback must always be possible, even for a group with one instance: it launches first and keeps all healthy. */
const whole = ({ maxHealthy }: Policy) => ({ minHealthy: 100, maxHealthy: Math.max(110, maxHealthy) });

function desiredOf({ how, group, ami }: Towards): Readonly<Record<string, unknown>> | undefined {
  if (how.mode === "parameter") return undefined;
  if (how.mode === "override") {
    const overrides = JSON.parse(how.overrides) as readonly Override[];
    const wanted = ami === undefined ? overrides : overrides.map((one) => ({ ...one, ImageId: ami }));
    return mixedWith(group, { Overrides: wanted });
  }
  const version = { LaunchTemplateId: how.template, Version: ami === undefined ? how.from : how.to };
  return how.mixed ? mixedWith(group, { LaunchTemplateSpecification: version }) : { LaunchTemplate: version };
}

/** The group's mixed instances policy with one change. */
function mixedWith({ mixed, template }: Towards["group"], change: object): Readonly<Record<string, unknown>> {
  return {
    MixedInstancesPolicy: {
      LaunchTemplate: {
        ...(template && { LaunchTemplateSpecification: { LaunchTemplateId: template.id, Version: template.version } }),
        Overrides: mixed?.overrides ?? [],
        ...change,
      },
      InstancesDistribution: mixed?.distribution ?? {},
    },
  };
}

/** A group with one instance is refreshed only if AWS launches first. */
export function whyTooSmall(
  { desired }: Pick<OptedInGroup, "desired">,
  { minHealthy, maxHealthy }: Policy,
): string | undefined {
  if (desired !== 1 || (minHealthy === 100 && maxHealthy > 100)) return undefined;
  return `it has one instance, which AWS would terminate first with minHealthy ${minHealthy} and maxHealthy ${maxHealthy}: set minHealthy to 100 and maxHealthy above 100`;
}
