import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type * as Sdk from "@aws-sdk/client-s3";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { checkTagSet, parseTagging } from "./object-tags.ts";
import { mayPut, putVersion } from "./put-version.ts";
import { bucketNamed } from "./state.ts";

const LONGEST_KEY = 1024;

const CHECKSUMS = [
  "ChecksumCRC32",
  "ChecksumCRC32C",
  "ChecksumCRC64NVME",
  "ChecksumSHA1",
  "ChecksumSHA256",
] as const satisfies readonly (keyof Sdk.PutObjectCommandInput)[];

/** Not built. Ignoring these silently would break a promise. */
const NOT_BUILT = [
  "ObjectLockLegalHoldStatus",
  "ObjectLockMode",
  "ObjectLockRetainUntilDate",
  "SSECustomerKey",
  "WebsiteRedirectLocation",
  "WriteOffsetBytes",
] as const satisfies readonly (keyof Sdk.PutObjectCommandInput)[];

export const operations = {
  PutObject: {
    authorize: mayPut,

    run(input, call) {
      const bucket = bucketNamed(call, input);
      const { Key: key = "" } = input;
      check(input);
      const body = input.Body === undefined ? new Uint8Array() : bytesOf(input.Body);
      checkIntegrity(input, body);
      const versions = bucket.objects.get(key) ?? [];
      const current = versions[0]?.deleted ? undefined : versions[0];
      if ((input.IfNoneMatch === "*" && current) || (input.IfMatch !== undefined && input.IfMatch !== current?.etag)) {
        throw new AwsError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", {
          status: 412,
        });
      }
      return putVersion(call, bucket, input, {
        body: Uint8Array.from(body),
        etag: `"${createHash("md5").update(body).digest("hex")}"`,
        kept: Object.fromEntries(CHECKSUMS.map((name) => [name, input[name]])),
      });
    },
  },
} satisfies Operations<typeof Sdk>;

function check(input: Omit<Sdk.PutObjectCommandInput, "Body">): void {
  if (Buffer.byteLength(input.Key ?? "") > LONGEST_KEY) {
    throw new AwsError("KeyTooLongError", "Your key is too long");
  }
  checkTagSet("Object", parseTagging(input.Tagging));
  if (input.ACL !== undefined && input.ACL !== "private" && input.ACL !== "bucket-owner-full-control") {
    throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs");
  }
  const unbuilt = NOT_BUILT.find((name) => input[name] !== undefined);
  if (unbuilt) {
    throw new AwsError("NotImplemented", `s3:PutObject with ${unbuilt} is not built in the embedded AWS`);
  }
}

/** The wire passes bytes; another service may pass a string. */
const bytesOf = (body: Uint8Array | string): Uint8Array => (typeof body === "string" ? Buffer.from(body) : body);

function checkIntegrity(input: Omit<Sdk.PutObjectCommandInput, "Body">, body: Uint8Array): void {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(body));
  const told: [given: string | undefined, found: string][] = [
    [input.ChecksumCRC32, crc.toString("base64")],
    [input.ChecksumSHA256, createHash("sha256").update(body).digest("base64")],
    [input.ContentMD5, createHash("md5").update(body).digest("base64")],
  ];
  if (told.some(([given, found]) => given !== undefined && given !== found)) {
    throw new AwsError("BadDigest", "The checksum you specified did not match what we received.");
  }
}
