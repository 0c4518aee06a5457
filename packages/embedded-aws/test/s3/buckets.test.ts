import { S3 } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { credentialsOf } from "../../src/authorization/credentials.ts";
import { policyAuthorizer } from "../../src/authorization/policy-authorizer.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { startServer } from "../../src/server.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { allow, grant, makeRole, policy } from "../policy.ts";
import { FACTORY, withBucket } from "./s3-client.ts";

const Bucket = "evidence";
const STRANGER = "555566667777";

const onlyTls = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: [`arn:aws:s3:::${Bucket}`, `arn:aws:s3:::${Bucket}/*`],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

test("A bucket is found by its name, in its path or in the host, and only in its region", async () => {
  const { aws, client, of } = await withBucket();
  const server = await startServer(aws, { port: 0 });
  const inPath = new S3({
    region: "eu-west-1",
    endpoint: server.url,
    credentials: { accessKeyId: FACTORY, secretAccessKey: "any" },
  });

  const host = await client.headBucket({ Bucket });
  const path = await inPath.getBucketLocation({ Bucket });
  const elsewhere = of(FACTORY, "us-east-1").getBucketLocation({ Bucket });

  expect(host.BucketRegion).toBe("eu-west-1");
  expect(path.LocationConstraint).toBe("eu-west-1");
  await expectRefusal(elsewhere, "PermanentRedirect");
  await server.close();
});

test("Names are the partition's: an account cannot take another's", async () => {
  const { of } = await withBucket();
  const create = (account: string, name: string) =>
    of(account).createBucket({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: "eu-west-1" } });

  const again = create(FACTORY, Bucket);
  const taken = create(STRANGER, Bucket);
  const wrong = create(FACTORY, "Evidence_");
  const nowhere = of(FACTORY).createBucket({
    Bucket: "other-evidence",
    CreateBucketConfiguration: { LocationConstraint: "us-west-2" },
  });

  await expectRefusal(again, "BucketAlreadyOwnedByYou");
  await expectRefusal(taken, "BucketAlreadyExists");
  await expectRefusal(wrong, "InvalidBucketName");
  await expectRefusal(nowhere, "IllegalLocationConstraintException");
});

test("Buckets are listed to their owner, and go only when empty", async () => {
  const { client, of } = await withBucket();
  await client.putObject({ Bucket, Key: "k", Body: "b" });

  const own = await client.listBuckets({});
  const strange = await of(STRANGER).listBuckets({});
  const full = client.deleteBucket({ Bucket });

  expect(own.Buckets?.map(({ Name }) => Name)).toEqual([Bucket]);
  expect(strange.Buckets).toEqual([]);
  await expectRefusal(full, "BucketNotEmpty");
});

test("A new bucket is closed and encrypted; other settings are read back as they were put", async () => {
  const { client } = await withBucket();
  await expectRefusal(client.getBucketLifecycleConfiguration({ Bucket }), "NoSuchLifecycleConfiguration");
  const closed = await client.getPublicAccessBlock({ Bucket });
  const standard = await client.getBucketEncryption({ Bucket });
  const rules = [{ ID: "old", Status: "Enabled" as const, Filter: { Prefix: "builds/" }, Expiration: { Days: 400 } }];
  const key = `arn:aws:kms:eu-west-1:${FACTORY}:key/00000000-0000-4000-8000-000000000000`;
  const encryption = {
    Rules: [
      {
        ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms" as const, KMSMasterKeyID: key },
        BucketKeyEnabled: true,
      },
    ],
  };

  await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
  await client.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: rules } });
  await client.putBucketEncryption({ Bucket, ServerSideEncryptionConfiguration: encryption });
  await client.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: { BlockPublicAcls: true } });

  const versioning = await client.getBucketVersioning({ Bucket });
  const lifecycle = await client.getBucketLifecycleConfiguration({ Bucket });
  const encrypted = await client.getBucketEncryption({ Bucket });
  await client.deleteBucketEncryption({ Bucket });
  const again = await client.getBucketEncryption({ Bucket });
  const opened = await client.getPublicAccessBlock({ Bucket });
  expect(closed.PublicAccessBlockConfiguration?.BlockPublicPolicy).toBe(true);
  expect(standard.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
    "AES256",
  );
  expect(versioning.Status).toBe("Enabled");
  expect(lifecycle.Rules).toEqual(rules);
  expect(encrypted.ServerSideEncryptionConfiguration).toEqual(encryption);
  expect(again.ServerSideEncryptionConfiguration).toEqual(standard.ServerSideEncryptionConfiguration);
  expect(opened.PublicAccessBlockConfiguration).toEqual({ BlockPublicAcls: true });
});

test("A policy is kept as written; one that is none, or lets the world in, is refused", async () => {
  const { client } = await withBucket();
  const put = (text: string) => client.putBucketPolicy({ Bucket, Policy: text });
  const open = { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` };

  await expectRefusal(client.getBucketPolicy({ Bucket }), "NoSuchBucketPolicy");
  await put(policy(onlyTls));

  const { Policy: kept } = await client.getBucketPolicy({ Bucket });
  expect(kept).toBe(policy(onlyTls));
  await expectRefusal(put("{"), "MalformedPolicy");
  await expect(put(policy({ ...onlyTls, Resource: "arn:aws:s3:::other" }))).rejects.toThrow(
    "Policy has invalid resource",
  );
  await expect(put(policy(open))).rejects.toThrow("BlockPublicPolicy");
});

test("Another account reads only what the bucket's policy gives it", async () => {
  const { client, of } = await withBucket(policyAuthorizer());
  await client.putObject({ Bucket, Key: "shared/a", Body: "a" });
  const read = () => of(STRANGER).getObject({ Bucket, Key: "shared/a" });

  await expect(read()).rejects.toMatchObject({ name: "AccessDenied", $metadata: { httpStatusCode: 403 } });
  const share = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${STRANGER}:root` },
    Action: "s3:GetObject",
    Resource: `arn:aws:s3:::${Bucket}/shared/*`,
  };
  await client.putBucketPolicy({ Bucket, Policy: policy(onlyTls, share) });

  expect(await (await read()).Body?.transformToString()).toBe("a");
});

test("A role needs the grant for the object, and for the key that encrypts it", async () => {
  const { aws, as, client } = await withBucket(policyAuthorizer());
  const root = { principal: accountPrincipal(FACTORY), region: "eu-west-1" };
  const { KeyMetadata: key } = await aws.call<{ KeyMetadata: { Arn: string } }>("kms", "CreateKey", {}, root);
  await client.putBucketEncryption({
    Bucket,
    ServerSideEncryptionConfiguration: {
      Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: key.Arn } }],
    },
  });
  const collect = await makeRole(aws, FACTORY, "collect", { Service: "lambda.amazonaws.com" });
  const role = as(credentialsOf(aws).issue(collect));
  const put = () => role.putObject({ Bucket, Key: "k", Body: "b" });
  const object = allow("s3:PutObject", `arn:aws:s3:::${Bucket}/*`);

  await expect(put()).rejects.toThrow("s3:PutObject");
  await grant(aws, FACTORY, "collect", object);
  await expect(put()).rejects.toThrow("kms:GenerateDataKey");
  await grant(aws, FACTORY, "collect", object, allow("kms:GenerateDataKey", key.Arn));

  expect(await put()).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: key.Arn });
});
