import { createHash, randomBytes } from "node:crypto";
import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it, test } from "vitest";
import { startServer } from "../../src/server.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { withBucket } from "./s3-client.ts";

const Bucket = "evidence";
const metadata = { $metadata: expect.anything() };

describe("what a new bucket does not have", () => {
  const absent = [
    [GetBucketCorsCommand, "NoSuchCORSConfiguration", "The CORS configuration does not exist"],
    [
      GetBucketWebsiteCommand,
      "NoSuchWebsiteConfiguration",
      "The specified bucket does not have a website configuration",
    ],
    [
      GetBucketReplicationCommand,
      "ReplicationConfigurationNotFoundError",
      "The replication configuration was not found",
    ],
    [
      GetObjectLockConfigurationCommand,
      "ObjectLockConfigurationNotFoundError",
      "Object Lock configuration does not exist for this bucket",
    ],
    [
      GetBucketLifecycleConfigurationCommand,
      "NoSuchLifecycleConfiguration",
      "The lifecycle configuration does not exist",
    ],
    [GetBucketTaggingCommand, "NoSuchTagSet", "The TagSet does not exist"],
    [GetBucketPolicyStatusCommand, "NoSuchBucketPolicy", "The bucket policy does not exist"],
  ] as const;
  it.each(absent.map((row) => [row[0].name, ...row] as const))("%s", async (_, Command, name, message) => {
    const { client } = await withBucket();

    const read = client.send(new Command({ Bucket }) as GetBucketCorsCommand);

    await expect(read).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode: 404 } });
  });
});

describe("what every bucket has", () => {
  const usual = [
    [GetBucketVersioningCommand, {}],
    [GetBucketAccelerateConfigurationCommand, {}],
    [GetBucketRequestPaymentCommand, { Payer: "BucketOwner" }],
    [GetBucketLoggingCommand, {}],
    [GetBucketNotificationConfigurationCommand, {}],
  ] as const;
  it.each(usual.map((row) => [row[0].name, ...row] as const))("%s", async (_, Command, answer) => {
    const { client } = await withBucket();

    expect(await client.send(new Command({ Bucket }) as GetBucketVersioningCommand)).toEqual({
      ...answer,
      ...metadata,
    });
  });

  it("an owner, who alone may do everything", async () => {
    const { client } = await withBucket();

    const { Owner, Grants } = await client.getBucketAcl({ Bucket });

    expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    expect(Grants).toEqual([{ Grantee: { ID: Owner?.ID, Type: "CanonicalUser" }, Permission: "FULL_CONTROL" }]);
  });

  it("an ACL whose grantees say their kind as an attribute", async () => {
    const { aws } = await withBucket();
    const server = await startServer(aws, { port: 0 });
    const scope = "Credential=111122223333/20260401/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=0";

    const answer = await fetch(`${server.url}/${Bucket}?acl`, {
      headers: { authorization: `AWS4-HMAC-SHA256 ${scope}` },
    });
    const xml = await answer.text();

    await server.close();
    expect(xml).toContain(
      '<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>',
    );
  });

  it("encryption, also after its deletion", async () => {
    const { client } = await withBucket();

    await client.deleteBucketEncryption({ Bucket });

    const { ServerSideEncryptionConfiguration } = await client.getBucketEncryption({ Bucket });
    expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
      "AES256",
    );
  });
});

test("no ACL can be put where the owner of the bucket owns all objects", async () => {
  const { client } = await withBucket();

  const put = client.putBucketAcl({ Bucket, ACL: "public-read" });

  await expectRefusal(put, "AccessControlListNotSupported", "The bucket does not allow ACLs");
});

test("website, acceleration and payer are kept", async () => {
  const { client } = await withBucket();

  await client.putBucketWebsite({ Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: "index.html" } } });
  await client.putBucketAccelerateConfiguration({ Bucket, AccelerateConfiguration: { Status: "Enabled" } });
  await client.putBucketRequestPayment({ Bucket, RequestPaymentConfiguration: { Payer: "Requester" } });

  expect(await client.getBucketWebsite({ Bucket })).toMatchObject({ IndexDocument: { Suffix: "index.html" } });
  expect(await client.getBucketAccelerateConfiguration({ Bucket })).toMatchObject({ Status: "Enabled" });
  expect(await client.getBucketRequestPayment({ Bucket })).toMatchObject({ Payer: "Requester" });
  await client.deleteBucketWebsite({ Bucket });
  await expectRefusal(client.getBucketWebsite({ Bucket }), "NoSuchWebsiteConfiguration");
});

describe("the size from which objects change their storage class", () => {
  const LifecycleConfiguration = {
    Rules: [{ ID: "old", Status: "Enabled" as const, Filter: { Prefix: "" }, Expiration: { Days: 90 } }],
  };

  it("is 128 KB unless the lifecycle says otherwise", async () => {
    const { client } = await withBucket();
    const told = { TransitionDefaultMinimumObjectSize: "all_storage_classes_128K" };

    const put = await client.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration });

    expect(put).toMatchObject(told);
    expect(await client.getBucketLifecycleConfiguration({ Bucket })).toMatchObject({
      ...told,
      ...LifecycleConfiguration,
    });
  });

  it("is what the lifecycle says", async () => {
    const { client } = await withBucket();
    const told = { TransitionDefaultMinimumObjectSize: "varies_by_storage_class" } as const;

    await client.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration, ...told });

    expect(await client.getBucketLifecycleConfiguration({ Bucket })).toMatchObject(told);
  });
});

test("a policy that allows all principals is public", async () => {
  const { client } = await withBucket();
  await client.putPublicAccessBlock({ Bucket, PublicAccessBlockConfiguration: { BlockPublicPolicy: false } });
  const policy = (Principal: unknown) =>
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal, Action: "s3:GetObject", Resource: `arn:aws:s3:::${Bucket}/*` }],
    });
  const status = async (principal: unknown) => {
    await client.putBucketPolicy({ Bucket, Policy: policy(principal) });
    return (await client.getBucketPolicyStatus({ Bucket })).PolicyStatus?.IsPublic;
  };

  expect(await status("*")).toBe(true);
  expect(await status({ AWS: "111122223333" })).toBe(false);
});
const MIB = 2 ** 20;
const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

async function withUpload() {
  const { client, aws } = await withBucket();
  const body = randomBytes(6 * MIB);
  await client.putObject({ Bucket, Key: "in/a b.raw", Body: body });
  const to = { Bucket, Key: "out/disk.raw" };
  const { UploadId } = await client.createMultipartUpload({
    ...to,
    ChecksumAlgorithm: "SHA256",
    Metadata: { build: "1" },
  });
  const copy = async (PartNumber: number, first: number, last: number) => {
    const { CopyPartResult: result } = await client.uploadPartCopy({
      ...to,
      UploadId,
      PartNumber,
      CopySource: encodeURI(`${Bucket}/in/a b.raw`),
      CopySourceRange: `bytes=${first}-${last}`,
    });
    return { PartNumber, ETag: result?.ETag, ChecksumSHA256: result?.ChecksumSHA256 };
  };
  return { client, aws, body, to, UploadId, copy };
}

test("What is copied in parts has the checksum of its parts' checksums, and the bytes of its source", async () => {
  const { client, body, to, UploadId, copy } = await withUpload();

  const Parts = [await copy(1, 0, 5 * MIB - 1), await copy(2, 5 * MIB, 6 * MIB - 1)];
  const put = await client.completeMultipartUpload({ ...to, UploadId, MultipartUpload: { Parts } });
  const head = await client.headObject({ ...to, ChecksumMode: "ENABLED" });
  const got = await client.getObject(to);

  const parts = [body.subarray(0, 5 * MIB), body.subarray(5 * MIB)].map(sha256);
  const checksum = `${sha256(Buffer.concat(parts)).toString("base64")}-2`;
  expect(put.ChecksumSHA256).toBe(checksum);
  expect(head).toMatchObject({
    ContentLength: 6 * MIB,
    ChecksumSHA256: checksum,
    ChecksumType: "COMPOSITE",
    Metadata: { build: "1" },
  });
  expect(body.equals((await got.Body?.transformToByteArray()) ?? Buffer.of())).toBe(true);
});

test("A part that is too small, wrong or out of order is refused, and so is an upload that is over", async () => {
  const { client, to, UploadId, copy } = await withUpload();
  const complete = (Parts: object[]) => client.completeMultipartUpload({ ...to, UploadId, MultipartUpload: { Parts } });
  const small = await copy(1, 0, MIB);
  const rest = await copy(2, MIB, 2 * MIB);

  await expectRefusal(complete([small, rest]), "EntityTooSmall");
  await expectRefusal(complete([rest, small]), "InvalidPartOrder");
  await expectRefusal(complete([{ ...small, ChecksumSHA256: rest.ChecksumSHA256 }]), "InvalidPart");
  await expectRefusal(copy(1, 0, 6 * MIB), "InvalidArgument");
  await client.abortMultipartUpload({ ...to, UploadId });
  await expectRefusal(copy(1, 0, MIB), "NoSuchUpload");
  await expectRefusal(client.headObject(to), "NotFound");
});
