import { describe, expect, it } from "vitest";
import type { Blueprint, BlueprintResource } from "../../core/factory/blueprint.ts";
import { describeDifference } from "../../stacks/blueprint/check-blueprint.ts";
import { createdByType } from "../../stacks/blueprint/created-by-type.ts";
import { policyDocument } from "../../stacks/blueprint/policy-document.ts";
import { toBlueprint, unwrapSecrets } from "../../stacks/blueprint/to-blueprint.ts";

const place = { partition: "aws", region: "eu-west-1", account: "111122223333" };

const head = { factory: "acme", stage: "production", place };

const topic = (name: string, inputs: Record<string, unknown> = {}) => ({
  type: "aws:sns/topic:Topic",
  name,
  inputs,
  dependencies: {},
  options: {},
});

describe("evaluating the program", () => {
  it("refuses two resources of one type and name, which would be ambiguous", () => {
    const twins = [topic("Notices"), topic("Notices")];

    expect(() => toBlueprint(head, twins, new Map())).toThrow(
      "Two resources have the same type and name: aws:sns/topic:Topic Notices",
    );
  });

  it("sorts resources, and reads documents out of their strings", () => {
    const { resources } = toBlueprint(
      head,
      [topic("B"), topic("A", { region: "us-east-1", z: 1, policy: '{"Version":"2012-10-17"}', left: undefined })],
      new Map(),
    );

    expect(resources).toEqual([
      {
        name: "A",
        type: "aws:sns/topic:Topic",
        region: "us-east-1",
        inputs: { policy: { Version: "2012-10-17" }, z: 1 },
      },
      { name: "B", type: "aws:sns/topic:Topic", region: "eu-west-1", inputs: {} },
    ]);
  });

  it("keeps what a later deployment follows from: dependencies on its own resources, and options", () => {
    const policy = {
      ...topic("Policy"),
      dependencies: { policy: ["Notices", "Component"], arn: ["Notices", "Notices"], dependsOn: ["Bucket"] },
      options: { deleteBeforeReplace: false, retainOnDelete: true },
    };

    const { resources } = toBlueprint(head, [topic("Notices"), policy], new Map());

    expect(resources[1]).toMatchObject({
      dependencies: { arn: ["Notices"], policy: ["Notices"] },
      options: { deleteBeforeReplace: false, retainOnDelete: true },
    });
    expect(resources[1]?.dependencies).not.toHaveProperty("dependsOn");
  });

  it("names a type that it cannot answer for", () => {
    const register = () => createdByType("aws:ec2/vpc:Vpc", { name: "Net", inputs: {}, place });

    expect(register).toThrow("does not know the outputs of aws:ec2/vpc:Vpc");
  });

  it("keeps values that AWS generates as references", () => {
    const key = createdByType("aws:kms/key:Key", { name: "ImageKey", inputs: {}, place });

    expect(key.arn).toBe("arn:aws:kms:eu-west-1:111122223333:key/${ImageKey.keyId}");
  });

  it("unwraps Pulumi's secrets at any depth", () => {
    const wrap = (value: unknown) => ({
      "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
      value,
    });

    expect(unwrapSecrets({ a: [wrap({ b: wrap("c") })] })).toEqual({ a: [{ b: "c" }] });
  });

  it("writes policies as IAM spells them", () => {
    const json = policyDocument({
      statements: [
        {
          actions: ["kms:Decrypt"],
          resources: ["*"],
          principals: [{ type: "AWS", identifiers: ["*"] }],
          conditions: [{ test: "StringEquals", variable: "aws:PrincipalOrgID", values: ["o-exampleorgid"] }],
        },
      ],
    });

    expect(JSON.parse(json)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "*" },
          Action: "kms:Decrypt",
          Resource: "*",
          Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorgid" } },
        },
      ],
    });
  });
});

describe("comparing blueprints", () => {
  const withResources = (...resources: BlueprintResource[]): Blueprint => ({
    factory: "acme",
    stage: "production",
    account: "111122223333",
    partition: "aws",
    buildRegion: "eu-west-1",
    resources,
  });
  const queue = (name: string, inputs: object = {}): BlueprintResource => ({
    name,
    type: "aws:sqs/queue:Queue",
    region: "eu-west-1",
    inputs: { ...inputs },
  });

  it("lists added and removed resources, and changed inputs", () => {
    const before = withResources(queue("Gone"), queue("Changed", { name: "a", tags: {} }), queue("Same"));
    const now = withResources(queue("Changed", { name: "b", tags: {} }), queue("New"), queue("Same"));

    expect(describeDifference(before, now)).toEqual([
      'changed: SQS queue b (Changed): name: "a" → "b"',
      "removed: SQS queue Gone",
      "created: SQS queue New",
    ]);
  });
});
