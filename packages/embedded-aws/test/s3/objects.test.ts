import { Readable } from "node:stream";
import { type ListObjectsV2CommandOutput, paginateListObjectsV2 } from "@aws-sdk/client-s3";
import { expect, it, test } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import { START, withBucket } from "./s3-client.ts";

const Bucket = "evidence";

test("An object is read back with its metadata", async () => {
  const { client } = await withBucket();
  const Key = "al2023-base/1.0.0/1 ü+&.json";

  const put = await client.putObject({
    Bucket,
    Key,
    Body: '{"a":1}',
    ContentType: "application/json",
    Metadata: { build: "1" },
  });
  const got = await client.getObject({ Bucket, Key });
  const head = await client.headObject({ Bucket, Key });

  expect(await got.Body?.transformToString()).toBe('{"a":1}');
  expect(got).toMatchObject({
    ContentType: "application/json",
    Metadata: { build: "1" },
    ETag: put.ETag,
    ServerSideEncryption: "AES256",
  });
  expect(head).toMatchObject({ ContentLength: 7, LastModified: new Date(START), ETag: put.ETag });
});

test("A stream arrives whole, its chunks and checksum taken off", async () => {
  const { client } = await withBucket();
  const parts = [Buffer.alloc(100_000, 7), Buffer.from("end")];

  await client.putObject({ Bucket, Key: "s", Body: Readable.from(parts), ContentLength: 100_003 });

  const { Body: body, ContentEncoding: encoding } = await client.getObject({ Bucket, Key: "s" });
  expect(Buffer.from((await body?.transformToByteArray()) ?? [])).toEqual(Buffer.concat(parts));
  expect(encoding).toBeUndefined();
});

test("A body that does not fit its checksum is refused", async () => {
  const { client } = await withBucket();

  const sent = client.putObject({ Bucket, Key: "k", Body: "b", ChecksumCRC32: "AAAAAA==" });

  await expect(sent).rejects.toMatchObject({ name: "BadDigest", $metadata: { httpStatusCode: 400 } });
});

test("A part of an object can be asked for", async () => {
  const { client } = await withBucket();
  await client.putObject({ Bucket, Key: "k", Body: "0123456789" });

  const middle = await client.getObject({ Bucket, Key: "k", Range: "bytes=2-4" });
  const end = await client.getObject({ Bucket, Key: "k", Range: "bytes=-3" });
  const beyond = client.getObject({ Bucket, Key: "k", Range: "bytes=10-" });

  expect([await middle.Body?.transformToString(), middle.ContentRange, middle.$metadata.httpStatusCode]).toEqual([
    "234",
    "bytes 2-4/10",
    206,
  ]);
  expect(await end.Body?.transformToString()).toBe("789");
  await expectRefusal(beyond, "InvalidRange");
});

test("An object is written once when the writer says so", async () => {
  const { client } = await withBucket();
  const once = (Body: string) => client.putObject({ Bucket, Key: "k", Body, IfNoneMatch: "*" });

  await once("first");
  const second = once("second");

  await expect(second).rejects.toMatchObject({ name: "PreconditionFailed", $metadata: { httpStatusCode: 412 } });
});

test("Keys are listed in order, page by page, folders as one", async () => {
  const { client } = await withBucket();
  for (const Key of ["b", "a/2", "a/1", "c"]) await client.putObject({ Bucket, Key, Body: Key });

  const pages: ListObjectsV2CommandOutput[] = [];
  for await (const page of paginateListObjectsV2({ client, pageSize: 3 }, { Bucket })) pages.push(page);
  const folders = await client.listObjectsV2({ Bucket, Delimiter: "/" });
  const inside = await client.listObjectsV2({ Bucket, Prefix: "a/", StartAfter: "a/1" });

  expect(pages.map(({ Contents }) => Contents?.map(({ Key }) => Key))).toEqual([["a/1", "a/2", "b"], ["c"]]);
  expect(folders.CommonPrefixes).toEqual([{ Prefix: "a/" }]);
  expect(folders.Contents?.map(({ Key }) => Key)).toEqual(["b", "c"]);
  expect(inside.Contents?.map(({ Key }) => Key)).toEqual(["a/2"]);
});

test("In a versioned bucket nothing is lost: a deleted object is hidden, its versions stay", async () => {
  const { client } = await withBucket();
  await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
  const first = await client.putObject({ Bucket, Key: "k", Body: "first" });
  await client.putObject({ Bucket, Key: "k", Body: "second" });

  const gone = await client.deleteObject({ Bucket, Key: "k" });
  const hidden = client.getObject({ Bucket, Key: "k" });
  const old = await client.getObject({ Bucket, Key: "k", VersionId: first.VersionId });
  await client.deleteObject({ Bucket, Key: "k", VersionId: gone.VersionId });
  const back = await client.getObject({ Bucket, Key: "k" });

  expect(gone.DeleteMarker).toBe(true);
  await expectRefusal(hidden, "NoSuchKey");
  expect(await old.Body?.transformToString()).toBe("first");
  expect(await back.Body?.transformToString()).toBe("second");
});

test("Parameters that are not built fail instead of being ignored", async () => {
  const { client } = await withBucket();

  const restoring = client.restoreObject({ Bucket, Key: "k", RestoreRequest: { Days: 1 } });
  const redirecting = client.putObject({ Bucket, Key: "k", Body: "b", WebsiteRedirectLocation: "/other" });

  await expectRefusal(restoring, "NotImplemented", "s3:RestoreObject is not built in the embedded AWS");
  await expectRefusal(redirecting, "NotImplemented");
});

test("All versions of a bucket are listed page by page, with what hides them; deleted by their ids, nothing is left", async () => {
  const { client } = await withBucket();
  await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
  for (const [Key, Body] of [
    ["a/1", "x"],
    ["b", "first"],
    ["b", "second"],
  ] as const) {
    await client.putObject({ Bucket, Key, Body });
  }
  await client.deleteObject({ Bucket, Key: "b" });

  const first = await client.listObjectVersions({ Bucket, MaxKeys: 3 });
  const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
  const second = await client.listObjectVersions({ Bucket, KeyMarker, VersionIdMarker });
  const folders = await client.listObjectVersions({ Bucket, Delimiter: "/" });
  const unmarked = client.listObjectVersions({ Bucket, VersionIdMarker });
  const all = [first, second].flatMap(({ Versions = [], DeleteMarkers = [] }) => [...Versions, ...DeleteMarkers]);
  const Objects = all.map(({ Key, VersionId }) => ({ Key, VersionId }));
  await client.deleteObjects({ Bucket, Delete: { Objects } });
  const none = await client.listObjectVersions({ Bucket });

  expect(first).toMatchObject({
    IsTruncated: true,
    Versions: [
      { Key: "a/1", IsLatest: true, Size: 1 },
      { Key: "b", IsLatest: false, Size: 6 },
    ],
    DeleteMarkers: [{ Key: "b", IsLatest: true }],
  });
  expect(second).toMatchObject({ IsTruncated: false, Versions: [{ Key: "b", IsLatest: false, Size: 5 }] });
  expect(folders.CommonPrefixes).toEqual([{ Prefix: "a/" }]);
  expect([...(folders.Versions ?? []), ...(folders.DeleteMarkers ?? [])].map(({ Key }) => Key)).toEqual([
    "b",
    "b",
    "b",
  ]);
  await expectRefusal(unmarked, "InvalidArgument");
  expect([none.Versions, none.DeleteMarkers]).toEqual([undefined, undefined]);
});

const object = { Bucket, Key: "scan.json" };
const TagSet = [{ Key: "stage", Value: "test & more" }];

async function withObject(Tagging?: string) {
  const { client } = await withBucket();
  await client.putObject({ ...object, Body: "{}", Tagging });
  const tags = async (input: object = {}) => (await client.getObjectTagging({ ...object, ...input })).TagSet;
  return { client, tags };
}

test("an object has the tags that it was put with, and those that were put since", async () => {
  const { client, tags } = await withObject("team=images&stage=test%20%26%20more");

  expect(await tags()).toEqual([{ Key: "team", Value: "images" }, ...TagSet]);
  expect(await client.headObject(object)).toMatchObject({ TagCount: 2 });
  await client.putObjectTagging({ ...object, Tagging: { TagSet } });

  expect(await tags()).toEqual(TagSet);
  expect(await client.getObject(object)).toMatchObject({ TagCount: 1 });
  await client.deleteObjectTagging(object);
  expect(await tags()).toEqual([]);
  expect(await client.headObject(object)).not.toHaveProperty("TagCount");
});

test("tags are a version's own", async () => {
  const { client, tags } = await withObject();
  await client.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: "Enabled" } });
  const { VersionId } = await client.putObject({ ...object, Tagging: "stage=one" });
  await client.putObject({ ...object, Tagging: "stage=two" });

  expect(await tags()).toEqual([{ Key: "stage", Value: "two" }]);
  expect(await tags({ VersionId })).toEqual([{ Key: "stage", Value: "one" }]);
});

const many = (count: number) => Array.from({ length: count }, (_, index) => ({ Key: `k${index}`, Value: "v" }));
const refused: [string, { Key: string; Value: string }[], string, string][] = [
  ["eleven tags", many(11), "BadRequest", "Object tags cannot be greater than 10"],
  ["a key twice", [...many(1), ...many(1)], "InvalidTag", "Cannot provide multiple Tags with the same key"],
  [
    "a key that is too long",
    [{ Key: "k".repeat(129), Value: "" }],
    "InvalidTag",
    "The TagKey you have provided is invalid",
  ],
  [
    "a value that is too long",
    [{ Key: "k", Value: "v".repeat(257) }],
    "InvalidTag",
    "The TagValue you have provided is invalid",
  ],
];
it.each(refused)("%s of an object is refused", async (_, tagSet, name, message) => {
  const { client } = await withObject();

  const put = client.putObjectTagging({ ...object, Tagging: { TagSet: tagSet } });

  await expect(put).rejects.toMatchObject({ name, message, $metadata: { httpStatusCode: 400 } });
});

test("a bucket has fifty tags at most", async () => {
  const { client } = await withObject();

  const put = client.putBucketTagging({ Bucket, Tagging: { TagSet: many(51) } });

  await expectRefusal(put, "BadRequest");
});
