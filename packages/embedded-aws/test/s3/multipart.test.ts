import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import { withBucket } from "./s3-client.ts";

const Bucket = "evidence";
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
