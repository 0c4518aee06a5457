import { describe, expect, it } from "vitest";
import { parentParameter, parentParameterRoot } from "../../core/names.ts";
import { slackSecretArn, slackSecrets } from "../../core/notice/slack-secrets.ts";
import factory from "../../factory.config.ts";
import { at, blueprint, resourcesOf } from "../world/read-blueprint.ts";
import { grantsOf, list, resourceStatementsOf, type Statement } from "./policies.ts";

/** Actions that AWS knows for no resource in particular (service authorization reference of each service). */
const withoutResources: Readonly<Record<string, string>> = {
  "ecr:GetAuthorizationToken": "Amazon ECR: a token is for a registry",
  "ec2:DescribeImages": "Amazon EC2: Describe actions on AMIs have no resource types",
  "ec2:DescribeSnapshots": "Amazon EC2: the action has no resource types",
  "ec2:DescribeImageUsageReports": "Amazon EC2: the action has no resource types",
  "ec2:DescribeImageUsageReportEntries": "Amazon EC2: the action has no resource types",
  "ec2:DescribeImageReferences": "Amazon EC2: the action has no resource types",
  "ec2:GetImageAncestry": "Amazon EC2: the action has no resource types",
  "ec2:ListImagesInRecycleBin": "Amazon EC2: the action has no resource types",
  "ec2:ListSnapshotsInRecycleBin": "Amazon EC2: the action has no resource types",
  "ec2:DescribeTags": "Amazon EC2: the action has no resource types",
  "inspector2:ListCisScans": "Amazon Inspector2: the action has no resource types",
  "inspector2:ListCisScanResultsAggregatedByTargetResource": "Amazon Inspector2: the action has no resource types",
  "inspector2:GetCisScanResultDetails": "Amazon Inspector2: the action has no resource types",
  "inspector2:StartCisSession": "Amazon Inspector2: a session belongs to no resource",
  "inspector2:SendCisSessionTelemetry": "Amazon Inspector2: a session belongs to no resource",
  "ec2:DescribeInstances": "Amazon EC2: the action has no resource types",
  "imagebuilder:ListComponents": "Amazon EC2 Image Builder: the action has no resource types",
  "imagebuilder:ListContainerRecipes": "Amazon EC2 Image Builder: the action has no resource types",
  "imagebuilder:ListImagePipelines": "Amazon EC2 Image Builder: the action has no resource types",
  "imagebuilder:ListImageRecipes": "Amazon EC2 Image Builder: the action has no resource types",
  "imagebuilder:ListImages": "Amazon EC2 Image Builder: the action has no resource types",
  "inspector2:SendCisSessionHealth": "Amazon Inspector2: a session belongs to no resource",
  "inspector2:StopCisSession": "Amazon Inspector2: a session belongs to no resource",
  "organizations:ListRoots": "AWS Organizations: the action has no resource types",
  "ram:GetResourceShares": "AWS RAM: the action has no resource types",
  "ram:GetResourceShareAssociations": "AWS RAM: the action has no resource types",
  "ram:CreateResourceShare": "AWS RAM: the action has no resource types; what limits it are its conditions",
  "states:SendTaskSuccess": "AWS Step Functions: a task token belongs to no resource",
  "xray:PutTraceSegments": "AWS X-Ray: the action has no resource types",
  "xray:PutTelemetryRecords": "AWS X-Ray: the action has no resource types",
  "logs:CreateLogDelivery": "Step Functions, logging: log delivery is granted on all resources",
  "logs:DeleteLogDelivery": "Step Functions, logging: log delivery is granted on all resources",
  "logs:DescribeLogGroups": "Step Functions, logging: log delivery is granted on all resources",
  "logs:DescribeResourcePolicies": "Step Functions, logging: log delivery is granted on all resources",
  "logs:GetLogDelivery": "Step Functions, logging: log delivery is granted on all resources",
  "logs:ListLogDeliveries": "Step Functions, logging: log delivery is granted on all resources",
  "logs:PutResourcePolicy": "Step Functions, logging: log delivery is granted on all resources",
  "logs:UpdateLogDelivery": "Step Functions, logging: log delivery is granted on all resources",
};

/**
 * What the agent of Systems Manager calls on building instances. AmazonSSMManagedInstanceCore allows it on `*`, and AWS
 * documents no narrower policy; docs/adr/0011 lists the exceptions.
 */
const isOfAgent = ({ role, grant }: { role: string; grant: Statement }): boolean =>
  role.endsWith("BuildInstanceRole") &&
  list(grant.Action).every((action) => /^(ssm|ssmmessages|ec2messages):/.test(action)) &&
  !list(grant.Action).some((action) => /^ssm:(GetParameter|SendCommand|StartSession|StartAutomation)/.test(action));

const roles = resourcesOf("Role");
const grants = roles.flatMap((role) => grantsOf(role).map((grant) => ({ role: role.name, grant })));
const policies = blueprint.resources.flatMap((resource) =>
  resourceStatementsOf(resource).map((grant) => ({ role: resource.name, grant })),
);
const say = (some: { role: string; grant: Statement }[]): string[] =>
  some.map(({ role, grant }) => `${role}: ${list(grant.Action).join(", ")} on ${list(grant.Resource).join(", ")}`);

/** References to an AMI are not known in advance: EC2 searches all resources, and returns what it found without content. */
const isThroughEc2 = ({ grant }: { grant: Statement }): boolean =>
  JSON.stringify(grant.Condition) ===
  JSON.stringify({ "ForAnyValue:StringEquals": { "aws:CalledVia": "ec2-images.amazonaws.com" } });

const trustOf = (role: (typeof roles)[number]) => at<Statement[]>(role, "assumeRolePolicy", "Statement");

describe("the factory's permissions", () => {
  it("cover all resources only for actions without resource-level permissions", () => {
    const everywhere = grants.filter(
      ({ grant }) =>
        list(grant.Resource).some((resource) => /^(\*|arn:[^:]*:[^:]*:[^:]*:[^:]*:\*)$/.test(resource)) &&
        list(grant.Action).some((action) => !(action in withoutResources)),
    );
    const throughEc2 = everywhere.filter(isThroughEc2);

    expect(say(everywhere.filter((one) => !isThroughEc2(one) && !isOfAgent(one)))).toEqual([]);
    expect(throughEc2.map(({ role }) => role)).toEqual(["RetireRole"]);
    for (const action of throughEc2.flatMap(({ grant }) => list(grant.Action))) {
      expect(action).toMatch(/:(Describe|Get|List)/);
    }
  });

  it("never include all actions of a service", () => {
    const all = [...grants, ...policies].filter(
      ({ grant }) => grant.Effect === "Allow" && list(grant.Action).some((action) => /^(\*|[\w-]+:\*)$/.test(action)),
    );

    expect(say(all)).toEqual([]);
  });

  it("name allowed actions, never NotAction", () => {
    const inverted = [...roles, ...resourcesOf("Key")].filter((resource) =>
      /"Not(Action|Resource|Principal)"/.test(JSON.stringify(resource.inputs)),
    );

    expect(inverted).toEqual([]);
  });

  it("belong to roles that a single AWS service assumes, and no account", () => {
    const trusted = roles.map((role) => ({
      role: role.name,
      principals: trustOf(role).map(({ Principal }) => Principal),
    }));

    for (const { role, principals } of trusted) {
      expect(principals, role).toEqual([{ Service: expect.stringMatching(/^[a-z0-9]+\.amazonaws\.com$/) }]);
    }
  });

  it("allow passing only the distribution's role to Image Builder, and that of close counts to Scheduler", () => {
    const passed = grants.filter(({ grant }) => list(grant.Action).includes("iam:PassRole"));

    expect(passed.map(({ role, grant }) => [role, grant.Resource, grant.Condition])).toEqual([
      [
        "DistributeImageRole",
        at(
          resourcesOf("Function").find(({ name }) => name === "DistributeImageFunction")!,
          "environment",
          "variables",
          "DISTRIBUTION_ROLE_ARN",
        ),
        { StringEquals: { "iam:PassedToService": "imagebuilder.amazonaws.com" } },
      ],
      [
        "WatchExposureRole",
        at(
          resourcesOf("Function").find(({ name }) => name === "WatchExposureFunction")!,
          "environment",
          "variables",
          "SCHEDULE_ROLE_ARN",
        ),
        { StringEquals: { "iam:PassedToService": "scheduler.amazonaws.com" } },
      ],
    ]);
  });

  it("cover no other factory's parameters, and only the public ones that images start from", () => {
    const own = `:parameter/imagebuilder/amint/${blueprint.factory}/*`;
    const followed = parentParameter(factory.name, "al2023-base", "stable");
    const parents = Object.values(factory.images).flatMap(({ parent }) =>
      "ssm" in parent ? [`arn:${blueprint.partition}:ssm:${blueprint.buildRegion}::parameter${parent.ssm}`] : [],
    );

    const secrets = slackSecrets.map((secret) =>
      slackSecretArn({ ...blueprint, region: blueprint.buildRegion }, factory.name, secret),
    );

    const touching = grants.filter(
      (one) =>
        list(one.grant.Action).some((action) => action.startsWith("ssm:")) && !isThroughEc2(one) && !isOfAgent(one),
    );

    expect(touching.length).toBeGreaterThan(0);
    for (const { role, grant } of touching) {
      for (const resource of list(grant.Resource)) {
        const isParent = parents.includes(resource) && list(grant.Action).join() === "ssm:GetParameter";
        // GetParametersByPath asks for the path itself.
        const isRoot =
          (`${resource}/*`.endsWith(own) || resource.endsWith(`:parameter${parentParameterRoot(factory.name)}`)) &&
          list(grant.Action).join() === "ssm:GetParametersByPath";
        const isOwn = resource.endsWith(own) || resource.endsWith(`:parameter${followed}`);
        const isSecret = secrets.includes(resource) && list(grant.Action).join() === "ssm:GetParameter";
        expect(isParent || isRoot || isOwn || isSecret, `${role} on ${resource}`).toBe(true);
      }
    }
  });

  it("allow recursive calls only for functions that Lambda exempts from loop detection", () => {
    const callsItself = resourcesOf("Function")
      .map((one) => at<string>(one, "name"))
      .filter((name) => {
        const own = roles.find((role) => at(role, "name") === name);
        return (own ? grantsOf(own) : []).some(
          ({ Action, Resource }) =>
            list(Action).includes("lambda:InvokeFunction") &&
            list(Resource).some((resource) => resource.endsWith(`:function:${name}`)),
        );
      });
    const allowed = resourcesOf("FunctionRecursionConfig").filter((one) => at(one, "recursiveLoop") === "Allow");

    expect(callsItself).not.toEqual([]);
    expect(allowed.map((one) => at(one, "functionName")).toSorted()).toEqual(callsItself.toSorted());
  });

  it("allow writing parents' parameters only in the build region, and neither deleting nor sharing them", () => {
    const arn = `arn:aws:ssm:${blueprint.buildRegion}:${blueprint.account}:parameter${parentParameter(factory.name, "al2023-base", "stable")}`;

    const touching = grants.filter(({ grant }) => list(grant.Resource).some((one) => one.includes("amint-parents/")));

    const actions = new Set(touching.flatMap(({ grant }) => list(grant.Action)));
    const named = touching.filter(({ grant }) => list(grant.Action).includes("ssm:PutParameter"));
    expect([...actions].toSorted()).toEqual(["ssm:GetParameter", "ssm:GetParametersByPath", "ssm:PutParameter"]);
    expect(new Set(named.flatMap(({ grant }) => list(grant.Resource)))).toEqual(new Set([arn]));
  });

  it("let only promotion, rollback, revocation and repair move channels", () => {
    const movers = grants
      .filter(({ grant }) => list(grant.Action).includes("ssm:PutParameter"))
      .map(({ role }) => role);

    expect([...new Set(movers)].toSorted()).toEqual([
      "ConfirmChannelRole",
      "MoveChannelRole",
      "ReconcileRole",
      "RevokeBuildRole",
      "RollBackRole",
      "UndoPromotionRole",
    ]);
  });

  it("allow sharing only the factory's AMIs", () => {
    const sharing = grants.filter(({ grant }) => list(grant.Action).includes("ec2:ModifyImageAttribute"));

    expect(sharing.map(({ role }) => role).toSorted()).toEqual([
      "FollowOrganizationRole",
      // Changes how an AMI asks for metadata, which is the same action.
      "PrepareImageRole",
      "ReconcileRole",
      "RestoreBuildRole",
      // Takes it away, and gives it back as it was.
      "RetireRole",
      "RevokeBuildRole",
      "RollBackRole",
      "ShareImageRole",
      "UndoPromotionRole",
    ]);
    for (const { grant } of sharing) {
      expect(grant.Condition).toEqual({ StringEquals: { "aws:ResourceTag/amint:factory": blueprint.factory } });
    }
  });
});

describe("access to the factory", () => {
  it("to keys and channels is limited to the organization, its OUs and accounts", () => {
    const open = policies.filter(
      ({ grant }) =>
        grant.Effect === "Allow" && (grant.Principal === "*" || JSON.stringify(grant.Principal) === '{"AWS":"*"}'),
    );

    const mayBe = [...resourcesOf("Key"), ...resourcesOf("RepositoryPolicy")].map(({ name }) => name);
    const imageKeys = resourcesOf("Key").filter(({ name }) => name !== "SlackKey");
    expect(open.map(({ role }) => role)).toEqual(expect.arrayContaining(imageKeys.map(({ name }) => name)));
    expect(open.map(({ role }) => role)).not.toContain("SlackKey");
    for (const { role, grant } of open) {
      if (role === "BusPolicy") {
        // Consumers' accounts send only state changes of refreshes.
        expect(grant.Action).toBe("events:PutEvents");
        expect(grant.Condition?.StringEquals).toMatchObject({
          "aws:PrincipalOrgID": factory.organization.id,
          "events:source": "aws.autoscaling",
        });
        continue;
      }
      expect(mayBe).toContain(role);
      const paths = list(grant.Condition?.["ForAnyValue:StringLike"]?.["aws:PrincipalOrgPaths"]);
      const isOfUnits = paths.length > 0 && paths.every((path) => path.startsWith(`${factory.organization.id}/`));
      expect(isOfUnits || grant.Condition?.StringEquals?.["aws:PrincipalOrgID"] === factory.organization.id).toBe(true);
      // Within the account, roles use keys through their own policies.
      expect(grant.Condition?.StringNotEquals).toEqual({ "aws:PrincipalAccount": blueprint.account });
    }
  });

  it("includes key grants only for AWS services and for Auto Scaling", () => {
    const keys = resourcesOf("Key").flatMap((key) => resourceStatementsOf(key));

    const granting = keys.filter(
      ({ Action, Principal }) =>
        list(Action).includes("kms:CreateGrant") && JSON.stringify(Principal) === '{"AWS":"*"}',
    );

    expect(granting).not.toEqual([]);
    for (const { Condition = {} } of granting) {
      const forServices = Condition.Bool?.["kms:GrantIsForAWSResource"] === "true";
      const forAutoScaling = String(Condition.ArnLike?.["kms:GranteePrincipal"]).includes(
        "/autoscaling.amazonaws.com/",
      );
      expect(forServices || forAutoScaling).toBe(true);
    }
  });

  it("over HTTP is refused without TLS", () => {
    const addressed = [...resourcesOf("BucketPolicy"), ...resourcesOf("TopicPolicy"), ...resourcesOf("QueuePolicy")];

    const open = addressed.filter(
      (policy) =>
        !resourceStatementsOf(policy).some(
          ({ Effect, Condition }) => Effect === "Deny" && Condition?.Bool?.["aws:SecureTransport"] === "false",
        ),
    );

    expect(open.map(({ name }) => name)).toEqual([]);
  });
});
