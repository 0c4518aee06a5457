import type {
  CreateBucketCommandInput,
  PutBucketPolicyCommandInput,
  PutBucketTaggingCommandInput,
} from "@aws-sdk/client-s3";
import { type Creator, tagList } from "./creator.ts";

export const createBucket: Creator = async (inputs, site) => {
  const Bucket = inputs.text("bucket");
  const LocationConstraint = site.region === "us-east-1" ? undefined : (site.region as "eu-west-1");
  await site.call("s3", "CreateBucket", {
    Bucket,
    CreateBucketConfiguration: LocationConstraint && { LocationConstraint },
  } satisfies CreateBucketCommandInput);
  const TagSet = tagList(inputs);
  if (TagSet.length) {
    await site.call("s3", "PutBucketTagging", { Bucket, Tagging: { TagSet } } satisfies PutBucketTaggingCommandInput);
  }
  return { id: Bucket, bucket: Bucket, arn: `arn:aws:s3:::${Bucket}` };
};

export const createBucketPolicy: Creator = async (inputs, site) => {
  const Bucket = inputs.text("bucket");
  const Policy = inputs.json("policy");
  await site.call("s3", "PutBucketPolicy", { Bucket, Policy } satisfies PutBucketPolicyCommandInput);
  return { id: Bucket };
};
