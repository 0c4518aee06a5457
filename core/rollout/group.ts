/** An Auto Scaling group opts in by this tag: `<image>/<channel>`. */
export const ROLLOUT_TAG = "amint:rollout";
/** It chooses its wave by this one, where it should not be the one of its account. */
export const WAVE_TAG = "amint:wave";

/** An instance of a group, as EC2 Auto Scaling and EC2 describe it. */
interface GroupInstance {
  readonly id: string;
  /** As Auto Scaling calls it: `InService`, `Pending`, `Standby`, `Terminating:Wait`, ... */
  readonly lifecycle: string;
  readonly healthy: boolean;
  readonly protectedFromScaleIn: boolean;
}

/** A launch template as a group names it. */
export interface NamedTemplate {
  readonly id: string;
  /** A number, `$Latest` or `$Default`. */
  readonly version: string;
}

/** An override of a mixed instances policy, whole, as Auto Scaling gave it. */
export type Override = Readonly<Record<string, unknown>> & {
  readonly ImageId?: string | undefined;
  readonly LaunchTemplateSpecification?: object | undefined;
};

/** An Auto Scaling group of a consumer's that opted in. */
export interface OptedInGroup {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  /** Processes that its owner suspended, such as `InstanceRefresh`. */
  readonly suspended: readonly string[];
  readonly instances: readonly GroupInstance[];
  /** Of its own, or of its mixed instances policy; undefined where it has a launch configuration. */
  readonly template: NamedTemplate | undefined;
  /** Its mixed instances policy, where it has one. */
  readonly mixed: { readonly overrides: readonly Override[]; readonly distribution: object } | undefined;
}

/** What a group follows; undefined where its tag is not `<image>/<channel>`. */
export function followedBy(tags: Readonly<Record<string, string>>): { image: string; channel: string } | undefined {
  const [image, channel, ...more] = (tags[ROLLOUT_TAG] ?? "").split("/");
  return image && channel && more.length === 0 ? { image, channel } : undefined;
}

/** An instance of a group with the AMI that it runs: Auto Scaling names that only where an override did. */
export interface LaunchedInstance {
  readonly id: string;
  readonly ami: string;
  /** The group's name. */
  readonly group: string;
  /** ISO 8601. */
  readonly launchedAt: string;
}
