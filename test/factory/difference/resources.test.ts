import { isDeletedFirst, replaces } from "embedded-aws/deploy";
import { expect, test } from "vitest";
import type { Blueprint } from "../../../core/factory/blueprint.ts";
import { compareResources } from "../../../core/factory/difference/compare-resources.ts";
import { actionWords, describeDetails, describeResource } from "../../../core/factory/difference/describe-change.ts";
import { blueprintOf, queue, resourceOf } from "./small-blueprint.ts";

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
