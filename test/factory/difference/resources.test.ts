import { isDeletedFirst, replaces } from "embedded-aws/deploy";
import { expect, test } from "vitest";
import type { Blueprint, BlueprintResource } from "../../../core/factory/blueprint.ts";
import { compareGrants } from "../../../core/factory/difference/compare-grants.ts";
import { compareResources } from "../../../core/factory/difference/compare-resources.ts";
import {
  actionWords,
  describeDetails,
  describeGrant,
  describeResource,
} from "../../../core/factory/difference/describe-change.ts";
import { blueprintOf, queue, resourceOf, roleWith } from "./small-blueprint.ts";

const changesOf = (before: Blueprint, now: Blueprint) =>
  compareResources(before, now, { replaces, isDeletedFirst }).map((change) => [
    `${actionWords[change.action]}: ${describeResource(change, "eu-west-1")}`,
    ...describeDetails(change),
  ]);

test("resources are created, removed, or no longer managed, and what is the same is not listed", () => {
  const kept = { options: { retainOnDelete: true } };
  const before = blueprintOf(queue("Same", { tags: { a: "1", b: "2" } }), queue("Gone"), queue("Released", {}, kept));
  const now = blueprintOf(queue("Same", { tags: { b: "2", a: "1" } }), queue("New", {}, { region: "us-east-1" }));

  expect(changesOf(before, now)).toEqual([
    ["removed: SQS queue amint-acme-gone (Gone)"],
    ["created: SQS queue amint-acme-new (New) in us-east-1"],
    ["no longer managed, kept in AWS: SQS queue amint-acme-released (Released)"],
  ]);
});

test("a property that AWS changes in place is changed, with its values", () => {
  const lambda = (inputs: object, handler = "functions/notice/notify.handler") =>
    resourceOf("lambda/function:Function", "Notify", { name: "amint-acme-notify", ...inputs }, { handler });
  const before = lambda({ timeout: 30, layers: ["a", "b"], environment: { variables: { KEY: "${ImageKey.keyId}" } } });
  const now = lambda({ timeout: 60, layers: ["b", "c"], environment: { variables: {} } }, "functions/notify.handler");

  expect(changesOf(blueprintOf(before), blueprintOf(now))).toEqual([
    [
      "changed: Lambda function amint-acme-notify (Notify)",
      "handler: functions/notice/notify.handler → functions/notify.handler",
      'environment.variables.KEY: "<keyId of ImageKey>" → none',
      'layers: "c" added',
      'layers: "a" removed',
      "timeout: 30 → 60",
    ],
  ]);
});

test("a replacement propagates to values made of its identity, and to dependents that require it", () => {
  const key = (multiRegion: boolean) =>
    resourceOf("kms/key:Key", "ImageKey", { multiRegion }, { options: { retainOnDelete: true } });
  const alias = resourceOf("kms/alias:Alias", "Alias", { name: "alias/acme", targetKeyId: "${ImageKey.keyId}" });
  const repository = resourceOf(
    "ecr/repository:Repository",
    "Builds",
    { name: "acme/base", encryptionConfigurations: [{ kmsKey: "${ImageKey.arn}" }] },
    { options: { retainOnDelete: true } },
  );
  const policy = resourceOf(
    "ecr/repositoryPolicy:RepositoryPolicy",
    "Consumers",
    { repository: "acme/base" },
    { dependencies: { repository: ["Builds"] } },
  );
  const others = [alias, repository, policy, queue("Same")];

  expect(changesOf(blueprintOf(key(false), ...others), blueprintOf(key(true), ...others))).toEqual([
    [
      "replaced: ECR repository acme/base (Builds)",
      "encryptionConfigurations: changes with ImageKey (cannot be changed in place)",
      "the deployment will fail: the former one is kept in AWS, and its name is taken",
    ],
    [
      "replaced: ECR repository policy Consumers",
      "repository: changes with Builds (cannot be changed in place)",
      "the former one is deleted afterwards",
    ],
    ["changed: KMS alias alias/acme (Alias)", "targetKeyId: changes with ImageKey"],
    [
      "replaced: KMS key ImageKey",
      "multiRegion: false → true (cannot be changed in place)",
      "the former one is kept in AWS",
    ],
  ]);
});

test("a new name or another region replaces", () => {
  const before = blueprintOf(queue("Parked"), queue("Moved"));
  const now = blueprintOf(queue("Parked", { name: "other" }), queue("Moved", {}, { region: "us-east-1" }));

  expect(changesOf(before, now)).toEqual([
    [
      "replaced: SQS queue amint-acme-moved (Moved) in us-east-1",
      "region: eu-west-1 → us-east-1 (cannot be changed in place)",
      "the former one is deleted first",
    ],
    [
      "replaced: SQS queue other (Parked)",
      'name: "amint-acme-parked" → "other" (cannot be changed in place)',
      "the former one is deleted first",
    ],
  ]);
});

test("inputs whose changes are ignored are left out, and options alone change nothing in AWS", () => {
  const parameter = (value: string) =>
    resourceOf("ssm/parameter:Parameter", "Parent", { name: "/p", value }, { options: { ignoreChanges: ["value"] } });
  const before = blueprintOf(parameter("a"), queue("Q"));
  const now = blueprintOf(parameter("b"), queue("Q", {}, { options: { protect: true } }));

  expect(changesOf(before, now)).toEqual([["deployment settings changed, nothing in AWS: SQS queue amint-acme-q (Q)"]]);
});

test.each([
  ["aws:cloudwatch/eventRule:EventRule", "EventBridge rule A"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "CloudWatch metric alarm A"],
  ["aws:imagebuilder/containerRecipe:ContainerRecipe", "Image Builder container recipe A"],
  ["aws:ec2/getVpc:getVpc", "EC2 lookup of a Vpc A"],
])("%s is called what AWS calls it", (type, words) => {
  const resource = { type, name: "A", region: "eu-west-1", inputs: {} };

  expect(describeResource({ action: "create", resource, inputs: [] }, "eu-west-1")).toBe(words);
});

const grantsOf = (...resources: BlueprintResource[]): string[] =>
  compareGrants(blueprintOf(), blueprintOf(...resources)).added.map(describeGrant);

test("grants are compared by role, action and resource, however statements are grouped", () => {
  const [Effect, Resource] = ["Allow", "arn:aws:sns:eu-west-1:111122223333:amint-acme-notices"];
  const before = roleWith("Notify", { Effect, Action: ["sns:Publish", "sns:ListTopics"], Resource });
  const regrouped = roleWith(
    "Notify",
    { Effect, Action: "sns:ListTopics", Resource: [Resource] },
    { Effect, Action: "sns:Publish", Resource },
  );
  const now = roleWith("Notify", { Effect, Action: ["sns:Publish", "sns:Subscribe"], Resource });

  const same = compareGrants(blueprintOf(before), blueprintOf(regrouped));
  const { added, removed } = compareGrants(blueprintOf(before), blueprintOf(now));

  expect(same).toEqual({ added: [], removed: [] });
  expect(added.map(describeGrant)).toEqual([`role amint-acme-notify is allowed sns:Subscribe on ${Resource}`]);
  expect(removed.map(describeGrant)).toEqual([`role amint-acme-notify is allowed sns:ListTopics on ${Resource}`]);
});

test("a condition that goes is a wider grant in place of a narrower one", () => {
  const statement = { Effect: "Allow", Action: "dynamodb:PutItem", Resource: "arn:aws:dynamodb:::table/t" };
  const Condition = { StringEquals: { "dynamodb:LeadingKeys": "GATE" } };

  const { added, removed } = compareGrants(
    blueprintOf(roleWith("Gate", { ...statement, Condition })),
    blueprintOf(roleWith("Gate", statement)),
  );

  expect(added.map(describeGrant)).toEqual([
    "role amint-acme-gate is allowed dynamodb:PutItem on arn:aws:dynamodb:::table/t",
  ]);
  expect(removed.map(describeGrant)).toEqual([
    'role amint-acme-gate is allowed dynamodb:PutItem on arn:aws:dynamodb:::table/t if {"StringEquals":{"dynamodb:LeadingKeys":"GATE"}}',
  ]);
});

test("denials, exceptions, managed policies and trust are listed, too", () => {
  const role = resourceOf("iam/role:Role", "Build", {
    name: "build",
    managedPolicyArns: ["arn:aws:iam::aws:policy/EC2InstanceProfileForImageBuilder"],
    assumeRolePolicy: {
      Statement: { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" },
    },
    inlinePolicies: [
      { name: "inline", policy: { Statement: [{ Effect: "Deny", NotAction: ["iam:*", "sts:*"], Resource: "*" }] } },
    ],
  });

  expect(grantsOf(role)).toEqual([
    "role build has the managed policy arn:aws:iam::aws:policy/EC2InstanceProfileForImageBuilder",
    "role build is denied everything except iam:*, sts:* on *",
    "service ec2.amazonaws.com is allowed sts:AssumeRole on role build",
  ]);
});

test("a resource's own policy names whom it lets in", () => {
  const Condition = { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } };
  const key = resourceOf("kms/key:Key", "ImageKey", {
    policy: {
      Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt", Resource: "*", Condition }],
    },
  });
  const lifecycle = resourceOf("ecr/lifecyclePolicy:LifecyclePolicy", "Old", { policy: { rules: [] } });
  const permission = resourceOf("lambda/permission:Permission", "Invoke", {
    action: "lambda:InvokeFunction",
    function: "amint-acme-notify",
    principal: "events.amazonaws.com",
    sourceArn: "arn:aws:events:eu-west-1:111122223333:rule/amint-acme/told",
  });

  expect(grantsOf(key, lifecycle, permission)).toEqual([
    'any principal is allowed kms:Decrypt on KMS key ImageKey if {"StringEquals":{"aws:PrincipalOrgID":"o-exampleorgid"}}',
    'service events.amazonaws.com is allowed lambda:InvokeFunction on amint-acme-notify if {"sourceArn":"arn:aws:events:eu-west-1:111122223333:rule/amint-acme/told"}',
  ]);
});

test("grants of the role that a StackSet puts into consumers' accounts are listed with where they are", () => {
  const Statement = [{ Effect: "Allow", Action: "ec2:RunInstances", Resource: "*" }];
  const stackSet = resourceOf("cloudformation/stackSet:StackSet", "Consumer", {
    name: "amint-acme-consumer",
    templateBody: {
      Resources: {
        Role: {
          Type: "AWS::IAM::Role",
          Properties: { RoleName: "amint-consumer", Policies: [{ PolicyName: "p", PolicyDocument: { Statement } }] },
        },
      },
    },
  });

  expect(grantsOf(stackSet)).toEqual([
    "role amint-consumer in accounts of the StackSet amint-acme-consumer is allowed ec2:RunInstances on *",
  ]);
});
