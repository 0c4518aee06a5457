import { describe, expect, it, test } from "vitest";
import factory from "../../factory.config.ts";
import { grantsOf, list, type Statement } from "../architecture/policies.ts";
import { at, blueprint, resourcesOf } from "../world/read-blueprint.ts";

interface Policy {
  readonly PolicyName: string;
  readonly PolicyDocument: { readonly Statement: (Statement & { readonly Sid: string })[] };
}

const [set] = resourcesOf("StackSet");
const resource = (name: string) => at<Record<string, unknown>>(set!, "templateBody", "Resources", name, "Properties");
const role = resource("Role") as { AssumeRolePolicyDocument: { Statement: Statement[] }; Policies: Policy[] };
const statements = [
  ...role.Policies,
  ...["Verifying", "Launching"].map((name) => resource(name) as unknown as Policy),
].flatMap(({ PolicyDocument }) => PolicyDocument.Statement);

const CONSUMERS = `arn:aws:iam::*:role/amint-${factory.name}-consumer`;
const ROLLOUTS = `arn:aws:iam::*:role/amint-${factory.name}-rollout`;

/** Actions that AWS knows for no resource in particular, and that only tell. */
const told = /^(ec2|autoscaling):(Describe|Get)/;

test("the StackSet, which also reaches the factory's account, creates no role with the name of a role of the factory", () => {
  const { Resources } = at<{ Resources: Record<string, { Properties: { RoleName?: unknown } }> }>(set!, "templateBody");
  const created = Object.values(Resources).flatMap(({ Properties }) => Properties.RoleName ?? []);
  const own = resourcesOf("Role").map(({ inputs }) => inputs.name);

  expect(created.length).toBeGreaterThan(1);
  expect(created.filter((name) => own.includes(name))).toEqual([]);
});

describe("the role in consumers' accounts", () => {
  it("is assumed only by the factory's functions that were granted it, with the external id", () => {
    const granted = resourcesOf("Role").filter((one) =>
      grantsOf(one).some(
        ({ Action, Resource }) => list(Action).includes("sts:AssumeRole") && list(Resource).includes(CONSUMERS),
      ),
    );

    expect(role.AssumeRolePolicyDocument.Statement).toEqual([
      {
        Sid: "FactoryActs",
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${blueprint.account}:root` },
        Action: "sts:AssumeRole",
        Condition: {
          StringEquals: { "sts:ExternalId": `amint-${factory.name}`, "aws:PrincipalOrgID": factory.organization.id },
          ArnEquals: { "aws:PrincipalArn": expect.any(Array) },
        },
      },
    ]);
    const trusted = list(role.AssumeRolePolicyDocument.Statement[0]?.Condition?.ArnEquals?.["aws:PrincipalArn"]);
    const arns = granted.map(({ inputs }) => `arn:aws:iam::${blueprint.account}:role/${inputs.name}`);
    expect(trusted.toSorted()).toEqual(arns.toSorted());
  });

  it("is reached in the organization's accounts only", () => {
    const reaching = resourcesOf("Role").flatMap((one) =>
      grantsOf(one).filter(({ Action }) => list(Action).includes("sts:AssumeRole")),
    );

    for (const { Resource, Condition } of reaching) {
      expect([CONSUMERS, ROLLOUTS]).toContain(Resource);
      expect(Condition).toEqual({ StringEquals: { "aws:ResourceOrgID": factory.organization.id } });
    }
  });

  it("allows only read actions on all resources", () => {
    const everywhere = statements.filter(({ Resource }) => list(Resource).includes("*"));

    for (const { Sid, Action } of everywhere) {
      expect(
        list(Action).filter((action) => !told.test(action)),
        Sid,
      ).toEqual([]);
    }
  });

  it("launches the factory's AMIs alone, on the instances that the config names", () => {
    const launching = statements.filter(({ Action }) => list(Action).includes("ec2:RunInstances"));
    const on = (resource: string) =>
      launching.filter(({ Resource }) => JSON.stringify(Resource).includes(`:${resource}/*`));

    expect(on("image").map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { "ec2:Owner": blueprint.account } },
    ]);
    expect(on("instance").map(({ Condition }) => Condition)).toEqual([
      { StringEquals: { "ec2:InstanceType": ["t3.micro", "t4g.micro"] } },
    ]);
  });

  it("ends and scales nothing but canaries", () => {
    const ending = statements.filter(({ Action }) =>
      list(Action).some((action) => /:(Terminate|Delete(LaunchTemplate|AutoScalingGroup))/.test(action)),
    );

    expect(ending.length).toBeGreaterThan(0);
    for (const { Sid, Condition, Resource } of ending) {
      const tagged = Condition?.Null?.["aws:ResourceTag/amint:canary"] === "false";
      expect(tagged || JSON.stringify(Resource).includes(`/amint-${factory.name}-canary-`), Sid).toBe(true);
    }
  });

  it("uses the factory's keys, each by its ARN, and gives them to services and to Auto Scaling alone", () => {
    const withKeys = statements.filter(({ Action }) => list(Action).some((action) => action.startsWith("kms:")));

    const keys = factory.regions.map((region) =>
      expect.stringMatching(`^arn:aws:kms:${region}:${blueprint.account}:key/`),
    );
    for (const { Sid, Resource, Action, Condition } of withKeys) {
      expect(Resource, Sid).toEqual(keys);
      if (!list(Action).includes("kms:CreateGrant")) continue;
      expect(JSON.stringify(Condition), Sid).toMatch(/GrantIsForAWSResource":"true|AWSServiceRoleForAutoScaling/);
    }
  });

  it("goes to every account of the organization, whatever one of them refuses", () => {
    const [instance] = resourcesOf("StackSetInstance");

    expect(instance?.inputs).toMatchObject({
      callAs: "DELEGATED_ADMIN",
      deploymentTargets: { organizationalUnitIds: [factory.organization.rootId] },
      operationPreferences: { failureTolerancePercentage: 100 },
    });
    expect(set?.inputs).toMatchObject({
      permissionModel: "SERVICE_MANAGED",
      autoDeployment: { enabled: true, retainStacksOnAccountRemoval: false },
    });
  });
});
