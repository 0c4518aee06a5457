import type { Consumers } from "../../core/factory/share-schema.ts";
import {
  busName,
  consumerExternalId,
  mirrorParameterRoot,
  refreshForwarderName,
  rolloutRoleName,
} from "../../core/names.ts";
import { ROLLOUT_TAG } from "../../core/rollout/group.ts";
import { instanceRefresh } from "../../events/aws/instance-refresh.ts";
import {
  allow,
  anyAccount,
  type Condition,
  document,
  own,
  policy,
  type TemplateResource,
  trustInFactory,
} from "../organization/template-policies.ts";

/** Settings of the roll-outs' resources in consumer accounts. */
export interface RolloutSide {
  /** ARNs of the factory's roles that act in roll-outs. */
  readonly actors: readonly string[];
  /** The build region: its stacks create the roles, which are global. */
  readonly home: string;
}

interface Settings {
  readonly partition: string;
  /** The factory's account. */
  readonly account: string;
  readonly factory: string;
  readonly organization: string;
  readonly consumers: Consumers;
  readonly rollout: RolloutSide;
  readonly tags: readonly object[];
}

interface Part {
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly resources: Readonly<Record<string, TemplateResource>>;
}

const HOME = "AtHome";

/** Limits a template's resources to one region; the template is deployed in several. */
export function atHome(region: string, { conditions, resources }: Part): Part {
  const conditional = [...new Set(Object.values(resources).flatMap(({ Condition }) => Condition ?? []))];
  const both = conditional.map((name): [string, Condition] => [
    `${name}${HOME}`,
    { "Fn::And": [{ Condition: HOME }, { Condition: name }] },
  ]);
  return {
    conditions: {
      [HOME]: { "Fn::Equals": [{ Ref: "AWS::Region" }, region] },
      ...conditions,
      ...Object.fromEntries(both),
    },
    resources: Object.fromEntries(
      Object.entries(resources).map(([name, { Type, Condition, Properties }]) => [
        name,
        { Type, Condition: `${Condition ?? ""}${HOME}`, Properties },
      ]),
    ),
  };
}

/**
 * The role with which roll-outs act in a consumer account, and in each region a rule that forwards Auto Scaling's events of
 * instance refreshes to the factory's bus. Each region has its own forwarder role, because StackSets creates an account's
 * stacks in no guaranteed order.
 */
export function rolloutResources(settings: Settings): Part {
  const { consumers, rollout } = settings;
  const { templateVersions } = consumers.rollout;
  const roles = atHome(rollout.home, {
    conditions: templateVersions.length > 0 ? anyAccount("TemplateVersions", templateVersions) : {},
    resources: {
      RolloutRole: rolloutRole(settings),
      ...(templateVersions.length > 0 && { MakingTemplateVersions: templatePolicy(settings) }),
    },
  });
  return { conditions: roles.conditions, resources: { ...roles.resources, ...forwarding(settings) } };
}

function rolloutRole(settings: Settings): TemplateResource {
  const { factory, account, rollout, tags } = settings;
  return {
    Type: "AWS::IAM::Role",
    Properties: {
      RoleName: rolloutRoleName(factory),
      Description: `Assumed by roll-outs of the image factory ${factory} in account ${account}, and by no other principal`,
      AssumeRolePolicyDocument: trustInFactory({
        ...settings,
        actors: rollout.actors,
        externalId: consumerExternalId(factory),
      }),
      Policies: [policy("roll-out", refreshStatements(settings))],
      Tags: tags,
    },
  };
}

const OPTED_IN = { Null: { [`aws:ResourceTag/${ROLLOUT_TAG}`]: "false" } };

/** In every account: refreshes of groups that opted in, and the parameters that their templates resolve. */
function refreshStatements(settings: Settings) {
  const { factory, consumers } = settings;
  const parameters = own(settings, "ssm", `parameter${mirrorParameterRoot(factory)}/*/*`);
  const { calendars } = consumers.rollout;
  return [
    allow(
      "RefreshGroupsThatOptedIn",
      ["autoscaling:StartInstanceRefresh", "autoscaling:CancelInstanceRefresh", "autoscaling:RollbackInstanceRefresh"],
      own(settings, "autoscaling", "autoScalingGroup:*:autoScalingGroupName/*"),
      OPTED_IN,
    ),
    // Describe actions have no resource types (service authorization references of EC2 Auto Scaling and Amazon EC2).
    allow(
      "SeeGroupsAndInstances",
      [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeInstanceRefreshes",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstances",
        "ec2:DescribeLaunchTemplateVersions",
        // Describing composite alarms requires the permission for all alarms (CloudWatch API reference, "DescribeAlarms").
        "cloudwatch:DescribeAlarms",
      ],
      "*",
    ),
    // Auto Scaling requires GetParameters if a group's template names a parameter (user guide, "Use Parameter Store
    // parameters"). A wave's parameter is one level below the channel's copy.
    allow("ReadParameters", ["ssm:GetParameter", "ssm:GetParameters"], parameters),
    allow(
      "WriteWavesParameters",
      ["ssm:PutParameter"],
      own(settings, "ssm", `parameter${mirrorParameterRoot(factory)}/*/*/*`),
    ),
    ...(calendars.length > 0
      ? [allow("ReadCalendars", ["ssm:GetCalendarState"], calendars.map(calendarArn(settings)))]
      : []),
  ];
}

/** A change calendar is a Systems Manager document. */
const calendarArn = (settings: Settings) => (calendar: string) =>
  calendar.startsWith("arn:") ? calendar : own(settings, "ssm", `document/${calendar}`);

/** Resources that a launch creates. */
const LAUNCHED = ["instance", "volume", "network-interface"];
const LAUNCHED_WITH = ["security-group", "key-pair", "placement-group", "capacity-reservation"];

/**
 * For accounts in which roll-outs create launch template versions. IAM cannot limit a version's content (EC2 user guide,
 * "Control access to launch templates"), but it can limit launches: to the factory's AMIs.
 */
function templatePolicy(settings: Settings): TemplateResource {
  const { partition, account, consumers } = settings;
  const templates = own(settings, "ec2", "launch-template/*");
  const byTemplate = { ArnLike: { "ec2:LaunchTemplate": templates } };
  const { instanceRoles } = consumers.rollout;
  const statements = [
    allow("MakeTemplateVersions", ["ec2:CreateLaunchTemplateVersion"], templates, OPTED_IN),
    allow("LaunchTheFactorysImages", ["ec2:RunInstances"], `arn:${partition}:ec2:*::image/*`, {
      StringEquals: { "ec2:Owner": account },
    }),
    allow("LaunchByTemplatesThatOptedIn", ["ec2:RunInstances"], templates, OPTED_IN),
    allow(
      "LaunchWhatTemplatesName",
      ["ec2:RunInstances"],
      [
        ...[...LAUNCHED, ...LAUNCHED_WITH].map((type) => own(settings, "ec2", `${type}/*`)),
        // A shared subnet is in its owner's account.
        `arn:${partition}:ec2:*:*:subnet/*`,
      ],
      byTemplate,
    ),
    allow(
      "TagWhatIsLaunched",
      ["ec2:CreateTags"],
      LAUNCHED.map((type) => own(settings, "ec2", `${type}/*`)),
      { StringEquals: { "ec2:CreateAction": "RunInstances" } },
    ),
    ...(instanceRoles.length > 0
      ? [
          allow(
            "PassInstanceRoles",
            ["iam:PassRole"],
            // Below any path.
            instanceRoles.flatMap((role) => [
              own(settings, "iam", `role/${role}`, ""),
              own(settings, "iam", `role/*/${role}`, ""),
            ]),
            { StringEquals: { "iam:PassedToService": `ec2.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}` } },
          ),
        ]
      : []),
  ];
  return {
    Type: "AWS::IAM::Policy",
    Condition: "TemplateVersions",
    Properties: { ...policy("template-versions", statements), Roles: [{ Ref: "RolloutRole" }] },
  };
}

function forwarding({ partition, account, factory, rollout, tags }: Settings): Record<string, TemplateResource> {
  const bus = `arn:${partition}:events:${rollout.home}:${account}:event-bus/${busName(factory)}`;
  return {
    ForwarderRole: {
      Type: "AWS::IAM::Role",
      Properties: {
        RoleName: { "Fn::Sub": refreshForwarderName(factory, `\${AWS::Region}`) },
        Description: { "Fn::Sub": `Puts instance refreshes' events of \${AWS::Region} on the bus of ${factory}` },
        AssumeRolePolicyDocument: document({
          Effect: "Allow",
          Principal: { Service: "events.amazonaws.com" },
          Action: "sts:AssumeRole",
        }),
        Policies: [policy("forward", [allow("PutEvents", ["events:PutEvents"], bus)])],
        Tags: tags,
      },
    },
    RefreshChanged: {
      Type: "AWS::Events::Rule",
      Properties: {
        Name: `amint-${factory}-refreshes`,
        Description: `Forwards changes of instance refreshes to the image factory ${factory}`,
        EventPattern: instanceRefresh.pattern,
        State: "ENABLED",
        Targets: [{ Id: "factory", Arn: bus, RoleArn: { "Fn::GetAtt": ["ForwarderRole", "Arn"] } }],
      },
    },
  };
}
