/** An Auto Scaling group opts in by this tag: `<image>/<channel>`. */
export const ROLLOUT_TAG = "amint:rollout";
/** The tag that sets a group's wave, if it should not be its account's. */
export const WAVE_TAG = "amint:wave";

/** An instance of a group, from EC2 Auto Scaling and EC2. */
interface GroupInstance {
  readonly id: string;
  /** Auto Scaling's lifecycle state: `InService`, `Pending`, `Standby`, `Terminating:Wait`, ... */
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

/** A complete override of a mixed instances policy, as returned by Auto Scaling. */
export type Override = Readonly<Record<string, unknown>> & {
  readonly ImageId?: string | undefined;
  readonly LaunchTemplateSpecification?: object | undefined;
};

/** A consumer's Auto Scaling group that opted in. */
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
  /** Its own launch template, or its mixed instances policy's; undefined if it has a launch configuration. */
  readonly template: NamedTemplate | undefined;
  /** Its mixed instances policy, if any. */
  readonly mixed: { readonly overrides: readonly Override[]; readonly distribution: object } | undefined;
}

/** The channel that a group follows; undefined if its tag is not `<image>/<channel>`. */
export function followedBy(tags: Readonly<Record<string, string>>): { image: string; channel: string } | undefined {
  const [image, channel, ...more] = (tags[ROLLOUT_TAG] ?? "").split("/");
  return image && channel && more.length === 0 ? { image, channel } : undefined;
}

/** An instance of a group with its AMI, which Auto Scaling returns only if an override names it. */
export interface LaunchedInstance {
  readonly id: string;
  readonly ami: string;
  /** The group's name. */
  readonly group: string;
  /** ISO 8601. */
  readonly launchedAt: string;
}
