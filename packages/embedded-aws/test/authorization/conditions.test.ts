import type { CreateKeyCommandOutput } from "@aws-sdk/client-kms";
import type { CreateQueueCommandOutput } from "@aws-sdk/client-sqs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { conditionsHold } from "../../src/authorization/conditions.ts";
import { matchesPattern } from "../../src/authorization/match-pattern.ts";
import { parsePolicy } from "../../src/authorization/policy-document.ts";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, type Principal } from "../../src/engine/principal.ts";
import { seedOrganization } from "../../src/services/organizations/seed-organization.ts";
import { makeRole, policy } from "../policy.ts";
import { ask, FACTORY, SESSION, withRole } from "./authorize-as.ts";

/** A policy variable. */
const variable = (key: string): string => `\${${key}}`;

const context = new Map<string, readonly string[]>([
  ["aws:sourcearn", ["arn:aws:events:eu-west-1:111122223333:rule/amint/failed"]],
  ["aws:sourceip", ["10.1.2.3"]],
  ["aws:currenttime", ["2026-04-15T03:00:00.000Z"]],
  ["aws:tagkeys", ["amint:build", "amint:image"]],
  ["aws:securetransport", ["true"]],
  ["aws:principalorgpaths", ["o-1/r-1/ou-a/ou-b/"]],
  ["s3:max-keys", ["25"]],
  ["word", ["Word"]],
  ["empty", []],
]);

test.each<[operator: string, key: string, value: string | string[], holds: boolean]>([
  ["StringEquals", "word", "Word", true],
  ["StringEquals", "WORD", ["other", "Word"], true],
  ["StringEquals", "word", "word", false],
  ["StringEquals", "none", "Word", false],
  ["StringEqualsIfExists", "none", "Word", true],
  ["StringEqualsIfExists", "word", "other", false],
  ["StringEqualsIgnoreCase", "word", "wORD", true],
  ["StringNotEquals", "word", "Word", false],
  ["StringNotEquals", "word", ["Word", "other"], false],
  ["StringNotEquals", "none", "Word", true],
  ["StringNotEqualsIgnoreCase", "word", "word", false],
  ["StringLike", "word", "W?r*", true],
  ["StringLike", "word", variable("word"), true],
  ["StringNotLike", "word", "W*", false],
  ["ArnEquals", "aws:SourceArn", "arn:aws:events:*:111122223333:rule/*", true],
  ["ArnLike", "aws:SourceArn", "arn:aws:events:*:rule/*", false],
  ["ArnNotLike", "aws:SourceArn", "arn:aws:events:*:*:rule/amint/*", false],
  ["Bool", "aws:SecureTransport", "true", true],
  ["Bool", "aws:SecureTransport", "false", false],
  ["BoolIfExists", "aws:MultiFactorAuthPresent", "true", true],
  ["Null", "none", "true", true],
  ["Null", "empty", "true", true],
  ["Null", "empty", "false", false],
  ["ForAllValues:StringEquals", "empty", "Word", true],
  ["Null", "word", "true", false],
  ["Null", "word", "false", true],
  ["NumericLessThanEquals", "s3:max-keys", "25", true],
  ["NumericGreaterThan", "s3:max-keys", "25", false],
  ["NumericEquals", "word", "25", false],
  ["DateGreaterThan", "aws:CurrentTime", "2026-04-14T00:00:00Z", true],
  ["DateLessThan", "aws:CurrentTime", "2026-04-14T00:00:00Z", false],
  ["IpAddress", "aws:SourceIp", "10.1.0.0/16", true],
  ["IpAddress", "aws:SourceIp", "10.2.0.0/16", false],
  ["NotIpAddress", "aws:SourceIp", ["10.1.2.3", "10.9.0.0/16"], false],
  ["ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1/r-1/ou-a/*", true],
  ["ForAnyValue:StringEquals", "aws:TagKeys", "amint:build", true],
  ["ForAnyValue:StringEquals", "none", "amint:build", false],
  ["ForAllValues:StringEquals", "aws:TagKeys", "amint:build", false],
  ["ForAllValues:StringEquals", "aws:TagKeys", ["amint:build", "amint:image", "more"], true],
  ["ForAllValues:StringEquals", "none", "amint:build", true],
])("%s %s %j: %s", (operator, key, value, holds) => {
  const conditions = [{ operator, key, values: [value].flat() }];

  expect(conditionsHold(conditions, context)).toBe(holds);
});

test("an operator that IAM does not have is refused, not ignored", () => {
  const Condition = { StringMatches: { "aws:PrincipalArn": "x" } };

  const parse = () => parsePolicy(policy({ Effect: "Allow", Action: "*", Resource: "*", Condition }));

  expect(parse).toThrow("Invalid Condition type : StringMatches.");
});

test("the region and the service that a role is passed to can be conditions", async () => {
  const StringEquals = { "iam:PassedToService": "imagebuilder.amazonaws.com", "aws:RequestedRegion": "eu-west-1" };
  const aws = await withRole({ Effect: "Allow", Action: "iam:PassRole", Resource: "*", Condition: { StringEquals } });
  const pass = (service: string, region: string) =>
    ask(aws, { action: "iam:PassRole", context: { "iam:PassedToService": service } }, undefined, region);

  const answers = [
    pass("imagebuilder.amazonaws.com", "eu-west-1"),
    pass("ec2.amazonaws.com", "eu-west-1"),
    pass("imagebuilder.amazonaws.com", "us-east-1"),
  ].map((answer) => answer === "granted");

  expect(answers).toEqual([true, false, false]);
});

test("wildcards match what the same regular expression matches", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", ":", "."), maxLength: 12 });
  fc.assert(
    fc.property(text, text, (pattern, value) => {
      const source = pattern.replace(/[.]/g, "\\.").replaceAll("*", "[^]*").replaceAll("?", "[^]");

      expect(matchesPattern(pattern, value)).toBe(new RegExp(`^${source}$`).test(value));
    }),
    { numRuns: 2000 },
  );
});

const REGION = "eu-west-1";
const grant = (...Action: string[]) => ({ Effect: "Allow", Action, Resource: "*" });

/** A role `worker` with these grants, and a key. */
async function withKey(...statements: Record<string, unknown>[]) {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  const call = <Output>(
    service: string,
    name: string,
    input: object,
    principal: Principal = accountPrincipal(FACTORY),
  ) => aws.call<Output>(service, name, input, { principal, region: REGION });
  await makeRole(aws, FACTORY, "worker", { Service: "lambda.amazonaws.com" }, ...statements);
  const { KeyMetadata } = await call<CreateKeyCommandOutput>("kms", "CreateKey", {});
  return { call, key: KeyMetadata?.Arn ?? "" };
}

test.each<[granted: string[], missing: string | undefined]>([
  [["sns:Publish"], "kms:GenerateDataKey"],
  [["sns:Publish", "kms:GenerateDataKey"], "kms:Decrypt"],
  [["sns:Publish", "kms:GenerateDataKey", "kms:Decrypt"], undefined],
])("publishing to an encrypted topic with %j misses %s", async (granted, missing) => {
  const { call, key } = await withKey(grant(...granted));
  await call("sns", "CreateTopic", { Name: "notices", Attributes: { KmsMasterKeyId: key } });

  const TopicArn = `arn:aws:sns:${REGION}:${FACTORY}:notices`;
  const published = call("sns", "Publish", { TopicArn, Message: "hello" }, SESSION);

  if (missing) await expect(published).rejects.toThrow(`perform: ${missing} on resource: ${key}`);
  else await expect(published).resolves.toMatchObject({ MessageId: expect.any(String) });
});

test("a message of an encrypted queue is sent with two rights on its key, and received with one", async () => {
  const { call, key } = await withKey(grant("sqs:*", "kms:Decrypt"));
  const { QueueUrl } = await call<CreateQueueCommandOutput>("sqs", "CreateQueue", {
    QueueName: "letters",
    Attributes: { KmsMasterKeyId: key },
  });

  const sent = call("sqs", "SendMessage", { QueueUrl, MessageBody: "hello" }, SESSION);

  await expect(sent).rejects.toThrow(`perform: kms:GenerateDataKey on resource: ${key}`);
  await expect(call("sqs", "ReceiveMessage", { QueueUrl }, SESSION)).resolves.toEqual({});
});

test("a caller without permission to list a bucket does not learn that an object is missing", async () => {
  const { call } = await withKey(grant("s3:GetObject"));
  await call("s3", "CreateBucket", { Bucket: "evidence", CreateBucketConfiguration: { LocationConstraint: REGION } });

  const wanted = { Bucket: "evidence", Key: "none" };

  await expect(call("s3", "GetObject", wanted, SESSION)).rejects.toThrow("perform: s3:ListBucket");
  await expect(call("s3", "GetObject", wanted)).rejects.toMatchObject({ code: "NoSuchKey" });
});

const CONSUMER = "222233334444";
const STRANGER = "600000000009";

test("aws:ResourceOrgID is the organization of the account that owns what is asked for, if it is in one", async () => {
  const aws = await withRole({
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Resource: "*",
    Condition: { StringEquals: { "aws:ResourceOrgID": "o-exampleorgid" } },
  });
  seedOrganization(aws, {
    id: "o-exampleorgid",
    management: { id: "999988887777", name: "management" },
    accounts: [
      { id: FACTORY, name: "factory" },
      { id: CONSUMER, name: "shop" },
    ],
  });
  const assuming = (owner: string) =>
    ask(aws, {
      action: "sts:AssumeRole",
      resources: [`arn:aws:iam::${owner}:role/consumer`],
      resourcePolicy: policy({
        Effect: "Allow",
        Principal: { AWS: `arn:aws:iam::${FACTORY}:root` },
        Action: "sts:AssumeRole",
      }),
      owner,
    });

  const member = assuming(CONSUMER);
  const stranger = assuming(STRANGER);

  expect(member).toBe("granted");
  expect(stranger).toContain("is not authorized to perform: sts:AssumeRole");
});
