import { mirrorParameter, ringParameter } from "../names.ts";
import type { OptedInGroup } from "./group.ts";
import type { RolloutMode } from "./records.ts";

/** The version of a launch template that a group names, as EC2 returns it without resolving parameters. */
export interface TemplateData {
  /** An AMI's id, or `resolve:ssm:<parameter>`. */
  readonly image: string | undefined;
  readonly devices: readonly {
    readonly name: string;
    readonly snapshot: string | undefined;
    /** GiB. */
    readonly size: number | undefined;
  }[];
}

/** The properties of an AMI that a launch depends on. */
export interface LaunchedAmi {
  readonly id: string;
  readonly architecture: string | undefined;
  readonly rootDevice: string | undefined;
  /** The size of its root volume in GiB. */
  readonly size: number | undefined;
}

export interface ModeFacts {
  readonly group: OptedInGroup;
  /** Undefined if the group has none, or it no longer exists. */
  readonly template: TemplateData | undefined;
  readonly wave: string;
  readonly image: string;
  readonly channel: string;
  readonly factory: string;
  /** The AMI that the group should get. */
  readonly next: LaunchedAmi;
  /** The AMI that its template names now, if EC2 knows it. */
  readonly present: LaunchedAmi | undefined;
  /** Whether the config allows Amint to create template versions in the group's account. */
  readonly mayMakeVersions: boolean;
}

export type ModeDecision =
  | { readonly kind: "mode"; readonly how: RolloutMode }
  /** Why the group is skipped, and what its owner can do. */
  | { readonly kind: "none"; readonly why: string };

const none = (why: string): ModeDecision => ({ kind: "none", why });

/** Services that manage their own groups, by the tag that they set. */
const MANAGERS: readonly (readonly [tag: string, why: string])[] = [
  [
    "eks:nodegroup-name",
    "an EKS managed node group replaces its own nodes: give its launch template a new version and call UpdateNodegroupVersion",
  ],
  [
    "elasticbeanstalk:environment-name",
    "Elastic Beanstalk replaces its own instances: set the option aws:autoscaling:launchconfiguration ImageId",
  ],
  ["AWSBatchServiceTag", "AWS Batch replaces its own instances: update the compute environment's imageIdOverride"],
];

/** Decides how a group follows a channel, from its template. A group is never converted from one mode to another. */
export function decideMode(facts: ModeFacts): ModeDecision {
  const { group, template } = facts;
  const manager = MANAGERS.find(([tag]) => group.tags[tag] !== undefined);
  if (manager) return none(manager[1]);
  if (!group.template) return none("it has a launch configuration, not a launch template: give it a launch template");
  const { version } = group.template;
  if (!/^\d+$/.test(version)) {
    return none(`its launch template's version is ${version}, which AWS cannot roll back: use a version number`);
  }
  if (!template) return none(`version ${version} of its launch template ${group.template.id} does not exist`);
  return decideByImage(facts, template, { id: group.template.id, version });
}

function decideByImage(facts: ModeFacts, template: TemplateData, named: { id: string; version: string }): ModeDecision {
  const { group } = facts;
  const overrides = group.mixed?.overrides ?? [];
  if (overrides.some((one) => one.LaunchTemplateSpecification)) {
    return none("its mixed instances policy has separate launch templates for some types: use one for all");
  }
  const withImage = overrides.filter(({ ImageId }) => ImageId !== undefined);
  if (withImage.length > 0 && withImage.length < overrides.length) {
    return none(
      "only some overrides of its mixed instances policy name an AMI: name one in every override, or in none",
    );
  }
  const { image } = template;
  const unfit = whyNotFit(template, facts);
  if (withImage.length > 0) {
    if (unfit) return none(unfit);
    return withVersions(facts, {
      mode: "override",
      overrides: JSON.stringify(overrides),
      previousAmis: [...new Set(withImage.map(({ ImageId }) => ImageId ?? ""))],
    });
  }
  if (image === undefined) return none("its launch template does not name an AMI");
  if (image.startsWith("resolve:ssm:")) return decideByParameter(facts, image.slice("resolve:ssm:".length), unfit);
  if (unfit) return none(unfit);
  return withVersions(facts, versionMode(named, image, group));
}

const versionMode = ({ id, version }: { id: string; version: string }, image: string, { mixed }: OptedInGroup) =>
  ({ mode: "version", template: id, from: version, previousAmi: image, mixed: mixed !== undefined }) as const;

const withVersions = ({ mayMakeVersions, group }: ModeFacts, how: RolloutMode): ModeDecision =>
  mayMakeVersions
    ? { kind: "mode", how }
    : none(
        `it names its AMI by id, and the config does not allow Amint to create template versions in ${group.account}: resolve a parameter, or add the account to consumers.rollout.templateVersions`,
      );

function decideByParameter(facts: ModeFacts, asNamed: string, unfit: string | undefined): ModeDecision {
  const { factory, image, channel, wave, group } = facts;
  // The template may name the account's own parameter by ARN.
  const [, ownName] = asNamed.split(`:${group.account}:parameter`);
  const named = ownName ?? asNamed;
  const ring = ringParameter(factory, image, channel, wave);
  const mirror = mirrorParameter(factory, image, channel);
  if (group.mixed)
    return none(
      "EC2 Auto Scaling does not support parameters in a mixed instances policy's template: name an AMI in every override",
    );
  if (named === ring || named === mirror) {
    if (unfit) return none(unfit);
    return { kind: "mode", how: { mode: "parameter", ring: named === ring ? wave : undefined } };
  }
  const isOfChannel = named.startsWith(`${mirror}/`);
  if (isOfChannel) {
    return none(
      `its template resolves ${named}, but it is in wave ${wave}: resolve ${ring}, or set the tag amint:wave`,
    );
  }
  if (named.startsWith("arn:")) {
    return none(
      `its template resolves a shared parameter by ARN, which moves in all accounts at once: resolve ${ring}`,
    );
  }
  if (named.startsWith(`${mirror}:`) || named.startsWith(`${ring}:`)) {
    return none(`its template pins a version of ${named.split(":")[0]}: remove the version`);
  }
  return none(`its template resolves ${named}, which is not a parameter of this channel: resolve ${ring}`);
}

/** A reason why every launch would fail. */
function whyNotFit({ devices }: TemplateData, { next, present }: ModeFacts): string | undefined {
  if (present?.architecture && next.architecture && present.architecture !== next.architecture) {
    return `its AMI is ${present.architecture} and the channel's is ${next.architecture}: follow a channel of its architecture`;
  }
  const root = devices.find(({ name }) => name === next.rootDevice);
  if (root?.snapshot) return `its template pins the snapshot ${root.snapshot} for ${root.name}: remove the snapshot`;
  if (root?.size !== undefined && next.size !== undefined && root.size < next.size) {
    return `its template sets ${root.name} to ${root.size} GiB, but the AMI needs ${next.size} GiB: set ${next.size} or more`;
  }
  return undefined;
}
