import type { Consumers } from "../../core/factory/share-schema.ts";
import { channelParameterRoot, consumerExternalId, consumerRoleName, mirrorParameterRoot } from "../../core/names.ts";
import { atHome, type RolloutSide, rolloutResources } from "../rollout/consumer-side.ts";
import { allow, anyAccount, own, policy, type TemplateResource, trustInFactory } from "./template-policies.ts";

interface Settings {
  readonly partition: string;
  /** The factory's account. */
  readonly account: string;
  readonly factory: string;
  readonly organization: string;
  readonly consumers: Consumers;
  /** ARNs of the factory's roles that act as consumers. */
  readonly actors: readonly string[];
  /** ARNs of the factory's keys, of all regions. */
  readonly keys: readonly string[];
  /** ARNs of the repositories that channels of container images have; omitted without such images. */
  readonly repositories?: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Undefined if no channel has roll-outs. */
  readonly rollout?: RolloutSide | undefined;
}

/**
 * The template that StackSets deploys in each consumer account: a role for the factory. It can launch only where the
 * config requires it: dry runs in the accounts of `consumers.verify`, instances in the canary's account. If a channel has
 * roll-outs, it also has a role for them, and a rule in each region: all regions have the same template, and roles are
 * created in the build region only.
 */
export function consumerTemplate(settings: Settings): object {
  const { factory, consumers, account, partition, rollout } = settings;
  const { canary, mirror } = consumers;
  const verified = [...new Set([...consumers.verify, ...(canary ? [canary.account] : [])])];
  const names = {
    partition,
    account,
    factory,
    keys: settings.keys,
    repositories: settings.repositories ?? [],
    channels: channelParameterRoot(factory),
    // Waves' parameters are below the mirrors'.
    mirror: mirror || rollout ? mirrorParameterRoot(factory) : undefined,
    findsSubnets: Object.values(consumers.subnets).some(
      (where) => "tag" in where || Object.values(where).some((one) => typeof one === "object"),
    ),
    instanceTypes: canary ? Object.values(canary.instanceTypes) : ["t3.micro", "t4g.micro"],
  };
  const tags = Object.entries(settings.tags).map(([Key, Value]) => ({ Key, Value }));
  const conditions = {
    ...anyAccount("Verified", verified),
    ...(canary && anyAccount("Canary", [canary.account])),
  };
  const resources: Record<string, TemplateResource> = {
    Role: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: consumerRoleName(factory),
        Description: `Assumed by the image factory ${factory} in account ${account}, and by no other principal`,
        AssumeRolePolicyDocument: trustInFactory({ ...settings, externalId: consumerExternalId(factory) }),
        Policies: [policy("consume", everywhereStatements(names))],
        Tags: tags,
      },
    },
    Verifying: inRole("Verified", policy("verify", verifiedStatements(names))),
    ...(canary && { Launching: inRole("Canary", policy("canary", canaryStatements(names))) }),
  };
  const home = rollout && atHome(rollout.home, { conditions, resources });
  const rolled = rollout && rolloutResources({ ...settings, rollout, tags });
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Lets the image factory ${factory} verify, as a consumer, that its images can be launched here.`,
    Conditions: { ...(home?.conditions ?? conditions), ...rolled?.conditions },
    Resources: { ...(home?.resources ?? resources), ...rolled?.resources },
  };
}

const inRole = (condition: string, properties: ReturnType<typeof policy>): TemplateResource => ({
  Type: "AWS::IAM::Policy",
  Condition: condition,
  Properties: { ...properties, Roles: [{ Ref: "Role" }] },
});

/** Names used in the statements. */
interface Names {
  readonly partition: string;
  /** The factory's account. */
  readonly account: string;
  readonly factory: string;
  /** ARNs. */
  readonly keys: readonly string[];
  /** The path of the factory's channels, shared with the consumer. */
  readonly channels: string;
  /** The path of the consumer's own copies of them; undefined without copies. */
  readonly mirror: string | undefined;
  readonly instanceTypes: readonly string[];
  /** Whether the config names subnets by tags. */
  readonly findsSubnets: boolean;
  /** ARNs of the repositories that channels of container images have, in any region; often none. */
  readonly repositories: readonly string[];
}

const AUTO_SCALING = "autoscaling.amazonaws.com";

const autoScalingRole = (names: Names) =>
  own(names, "iam", `role/aws-service-role/${AUTO_SCALING}/AWSServiceRoleForAutoScaling`, "");

/** The tag of canaries: only instances with it can be terminated. */
const TAG = "amint:canary";

/** In every account: permissions to let Auto Scaling launch, and to write the account's copies of channels. */
const everywhereStatements = (names: Names) => [
  allow("MakeAutoScalingsRole", ["iam:CreateServiceLinkedRole"], autoScalingRole(names), {
    StringEquals: { "iam:AWSServiceName": AUTO_SCALING },
  }),
  allow("GrantKeysToAutoScaling", ["kms:CreateGrant"], names.keys, {
    ArnEquals: { "kms:GranteePrincipal": autoScalingRole(names) },
  }),
  ...(names.mirror === undefined
    ? []
    : [
        allow(
          "MirrorChannels",
          ["ssm:GetParameters", "ssm:PutParameter", "ssm:DeleteParameter"],
          own(names, "ssm", `parameter${names.mirror}/*`),
        ),
        // Parameter Store looks up the AMI with the permissions of the caller of PutParameter (user guide, "aws:ec2:image").
        allow("MirrorsNameImages", ["ec2:DescribeImages"], "*"),
      ]),
];

/**
 * For accounts in which launches are verified. A dry run needs the permissions of a real launch, and EC2 has no
 * condition key for dry runs: so only the factory's AMIs are allowed, on small instances. KMS dry runs are called by the
 * function, not by EC2, so kms:ViaService would deny them.
 */
const verifiedStatements = (names: Names) => [
  // Describe actions have no resource types (service authorization reference, "Amazon EC2").
  allow("SeeImages", ["ec2:DescribeImages", "ec2:GetAllowedImagesSettings"], "*"),
  ...(names.findsSubnets ? [allow("FindSubnets", ["ec2:DescribeSubnets"], "*")] : []),
  allow("LaunchTheFactorysImages", ["ec2:RunInstances"], `arn:${names.partition}:ec2:*::image/*`, {
    StringEquals: { "ec2:Owner": names.account },
  }),
  allow("LaunchSmallInstances", ["ec2:RunInstances"], own(names, "ec2", "instance/*"), {
    StringEquals: { "ec2:InstanceType": names.instanceTypes },
  }),
  allow(
    "LaunchWithVolumesAndNetwork",
    ["ec2:RunInstances"],
    [
      ...["volume/*", "network-interface/*", "security-group/*"].map((resource) => own(names, "ec2", resource)),
      // A shared subnet is in its owner's account.
      `arn:${names.partition}:ec2:*:*:subnet/*`,
    ],
  ),
  allow(
    "UseKeys",
    ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
    names.keys,
  ),
  allow("GrantKeysToServices", ["kms:CreateGrant"], names.keys, {
    Bool: { "kms:GrantIsForAWSResource": "true" },
  }),
  allow(
    "ReadChannels",
    ["ssm:GetParameter"],
    `arn:${names.partition}:ssm:*:${names.account}:parameter${names.channels}/*`,
  ),
  ...(names.repositories.length > 0
    ? [allow("PullImages", ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], names.repositories)]
    : []),
];

/** For the canary's account: launches instances, and terminates only those with the canary's tag. */
const canaryStatements = (names: Names) => [
  // Describe actions have no resource types (service authorization references of Amazon EC2 and EC2 Auto Scaling).
  allow(
    "SeeCanaries",
    [
      "ec2:DescribeInstances",
      "ec2:DescribeLaunchTemplates",
      "autoscaling:DescribeAutoScalingGroups",
      "autoscaling:DescribeScalingActivities",
    ],
    "*",
  ),
  allow("MakeCanarysTemplate", ["ec2:CreateLaunchTemplate"], own(names, "ec2", "launch-template/*"), {
    Null: { [`aws:RequestTag/${TAG}`]: "false" },
  }),
  allow("LaunchByCanarysTemplate", ["ec2:RunInstances"], own(names, "ec2", "launch-template/*"), {
    Null: { [`aws:ResourceTag/${TAG}`]: "false" },
  }),
  allow(
    "TagCanaries",
    ["ec2:CreateTags"],
    ["instance/*", "volume/*", "launch-template/*"].map((resource) => own(names, "ec2", resource)),
    { StringEquals: { "ec2:CreateAction": ["RunInstances", "CreateLaunchTemplate"] } },
  ),
  allow(
    "ScaleCanaries",
    ["autoscaling:CreateAutoScalingGroup", "autoscaling:DeleteAutoScalingGroup"],
    own(names, "autoscaling", `autoScalingGroup:*:autoScalingGroupName/amint-${names.factory}-canary-*`),
  ),
  allow("EndCanaries", ["ec2:TerminateInstances"], own(names, "ec2", "instance/*"), {
    Null: { [`aws:ResourceTag/${TAG}`]: "false" },
  }),
  allow("RemoveCanarysTemplate", ["ec2:DeleteLaunchTemplate"], own(names, "ec2", "launch-template/*"), {
    Null: { [`aws:ResourceTag/${TAG}`]: "false" },
  }),
];
