import type { CreateTrailCommandInput, UpdateTrailCommandInput } from "@aws-sdk/client-cloudtrail";
import { evaluateResource } from "../../authorization/evaluate.ts";
import { requestContext } from "../../authorization/request-context.ts";
import { statementsOf } from "../../authorization/role-policies.ts";
import { AwsError, type Call } from "../../engine/operation.ts";
import { servicePrincipal } from "../../engine/principal.ts";
import { organizationWith } from "../organizations/state.ts";
import { type Bucket, bucketsOf } from "../s3/state.ts";
import type { Trail } from "./state.ts";

const refused = (code: string, message: string): AwsError => new AwsError(code, message, { status: 400 });

/** Settings that need CloudWatch Logs, SNS or KMS. @throws NotImplemented */
export function refuseUnbuilt(input: CreateTrailCommandInput | UpdateTrailCommandInput): void {
  for (const name of ["SnsTopicName", "CloudWatchLogsLogGroupArn", "CloudWatchLogsRoleArn", "KmsKeyId"] as const) {
    if (input[name])
      throw refused("NotImplemented", `cloudtrail: a trail with ${name} is not built in the embedded AWS`);
  }
}

/**
 * Checks a complete trail before it is stored.
 * @throws InvalidParameterCombinationException, the errors of organization trails, those of the bucket
 */
export function checkTrail(call: Call, trail: Trail): void {
  if (trail.organization) requireOrganization(call);
  // API reference, InvalidParameterCombinationException; the message as reported by Terraform users.
  if (trail.multiRegion && !trail.globalEvents) {
    throw refused("InvalidParameterCombinationException", "Multi-Region trail must include global service events.");
  }
  requireDelivery(call, trail);
}

/** User guide, "Prepare for creating a trail for your organization". A delegated administrator's trail is not built. */
function requireOrganization({ aws, account }: Call): void {
  const organization = organizationWith(aws, account);
  if (!organization) {
    throw refused("OrganizationsNotInUseException", "Your account is not a member of an organization.");
  }
  if (organization.managementAccount !== account) {
    throw refused(
      "NotOrganizationMasterAccountException",
      "The AWS account making this request is not the management account of the organization.",
    );
  }
  if (organization.featureSet !== "ALL") {
    throw refused("OrganizationNotInAllFeaturesModeException", "The organization does not have all features enabled.");
  }
  if (!organization.trusted.has("cloudtrail.amazonaws.com")) {
    throw refused(
      "CloudTrailAccessNotEnabledException",
      "Trusted access is not enabled between CloudTrail and Organizations.",
    );
  }
}

/**
 * CloudTrail's requirements for a bucket (user guide, "Amazon S3 bucket policy for CloudTrail"); messages as users
 * report them.
 */
function requireDelivery(call: Call, trail: Trail): void {
  const bucket = bucketsOf(call.aws).get(trail.bucket);
  if (!bucket) throw refused("S3BucketDoesNotExistException", `S3 bucket ${trail.bucket} does not exist!`);
  const prefix = trail.prefix ? `${trail.prefix}/` : "";
  const owners = [call.account, ...(trail.organization ? [organizationWith(call.aws, call.account)?.id ?? ""] : [])];
  const may =
    allows(call, bucket, trail, "s3:GetBucketAcl", "") &&
    owners.every((owner) => allows(call, bucket, trail, "s3:PutObject", `/${prefix}AWSLogs/${owner}/CloudTrail`));
  if (may) return;
  throw refused(
    "InsufficientS3BucketPolicyException",
    `Incorrect S3 bucket policy is detected for bucket: ${bucket.name}`,
  );
}

function allows(call: Call, bucket: Bucket, trail: Trail, action: string, key: string): boolean {
  const principal = servicePrincipal("cloudtrail.amazonaws.com", call.account, trail.arn);
  const context = requestContext({ ...call, principal }, { "s3:x-amz-acl": "bucket-owner-full-control" });
  const resource = `arn:${call.aws.partition}:s3:::${bucket.name}${key}`;
  const { allowed, denied } = evaluateResource(
    bucket.policy ? statementsOf(call.aws, bucket.policy) : [],
    { action, resource, context },
    principal,
  );
  return allowed.length > 0 && denied.length === 0;
}
