import { expect, it, test } from "vitest";
import { withBucket } from "./s3-client.ts";

const Bucket = "evidence";
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

test("tags of an object that does not exist are not found", async () => {
  const { tags } = await withObject();

  await expect(tags({ Key: "none" })).rejects.toMatchObject({
    name: "NoSuchKey",
    message: "The specified key does not exist.",
  });
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

  await expect(put).rejects.toMatchObject({ name: "BadRequest" });
});
