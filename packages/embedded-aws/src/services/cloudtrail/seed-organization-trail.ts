import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Organization } from "../organizations/state.ts";
import { bucketsOf } from "../s3/state.ts";
import { DEFAULT_SELECTORS, trailArn, trailsOf } from "./state.ts";

const NAME = "organization-trail";

const HOME = "us-east-1";

/** The management account's initial trail: all regions, all accounts, logging. */
export function seedOrganizationTrail(aws: EmbeddedAws, { id, managementAccount, trusted }: Organization): void {
  const arn = trailArn(aws, managementAccount, HOME, NAME);
  const bucket = `${NAME}-${managementAccount}`;
  trusted.set("cloudtrail.amazonaws.com", new Date(aws.clock.now()));
  bucketsOf(aws).set(bucket, {
    name: bucket,
    account: managementAccount,
    region: HOME,
    created: new Date(aws.clock.now()),
    objects: new Map(),
    policy: bucketPolicy(`arn:${aws.partition}:s3:::${bucket}`, arn, [managementAccount, id]),
    configurations: new Map(),
  });
  trailsOf(aws).set(arn, {
    name: NAME,
    arn,
    account: managementAccount,
    homeRegion: HOME,
    bucket,
    prefix: undefined,
    multiRegion: true,
    organization: true,
    globalEvents: true,
    validation: true,
    logging: true,
    startedAt: aws.clock.now(),
    stoppedAt: undefined,
    selectors: DEFAULT_SELECTORS,
    tags: new Map(),
  });
}

/** As in the user guide, "Amazon S3 bucket policy for CloudTrail", for an organization trail. */
function bucketPolicy(bucket: string, trail: string, owners: readonly string[]): string {
  const Principal = { Service: "cloudtrail.amazonaws.com" };
  const source = { "aws:SourceArn": trail };
  const acl = { "s3:x-amz-acl": "bucket-owner-full-control" };
  return JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal, Action: "s3:GetBucketAcl", Resource: bucket, Condition: { StringEquals: source } },
      ...owners.map((owner) => ({
        Effect: "Allow",
        Principal,
        Action: "s3:PutObject",
        Resource: `${bucket}/AWSLogs/${owner}/*`,
        Condition: { StringEquals: { ...source, ...acl } },
      })),
    ],
  });
}
