import type { CreateKeyCommandOutput } from "@aws-sdk/client-kms";
import type { CreateQueueCommandOutput } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal, type Principal } from "../../src/engine/principal.ts";
import { FACTORY, policy, SESSION, trust } from "./authorize-as.ts";

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
  const AssumeRolePolicyDocument = trust({ Service: "lambda.amazonaws.com" });
  await call("iam", "CreateRole", { RoleName: "worker", AssumeRolePolicyDocument });
  const PolicyDocument = policy(...statements);
  await call("iam", "PutRolePolicy", { RoleName: "worker", PolicyName: "grants", PolicyDocument });
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
