import { S3 } from "@aws-sdk/client-s3";
import { createAws } from "../../src/create-aws.ts";
import type { Authorizer } from "../../src/engine/authorizer.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";

export const FACTORY = "111122223333";
export const START = Date.UTC(2026, 3, 1, 8);

/** An AWS with the factory's bucket `evidence` in eu-west-1, and clients of it for any account. */
export async function withBucket(authorizer: Authorizer = { authorize() {} }) {
  const aws = createAws({ clock: new VirtualClock(START), authorizer });
  const as = (keys: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }, region = "eu-west-1") =>
    new S3({ region, credentials: keys, requestHandler: inProcessHandler(aws) });
  const of = (account: string, region?: string) => as({ accessKeyId: account, secretAccessKey: "any" }, region);
  await of(FACTORY).createBucket({
    Bucket: "evidence",
    CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
  });
  return { aws, as, of, client: of(FACTORY) };
}
