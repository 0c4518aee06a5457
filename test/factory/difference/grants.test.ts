import { expect, test } from "vitest";
import type { BlueprintResource } from "../../../core/factory/blueprint.ts";
import { compareGrants } from "../../../core/factory/difference/compare-grants.ts";
import { describeGrant } from "../../../core/factory/difference/describe-change.ts";
import { blueprintOf, resourceOf, roleWith } from "./small-blueprint.ts";

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
