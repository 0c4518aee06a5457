import { authorize } from "../../../engine/authorizer.ts";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Authorization, Call } from "../../../engine/operation.ts";
import { rolePrincipal, servicePrincipal } from "../../../engine/principal.ts";
import { findRole } from "../../iam/state.ts";
import type { Bucket } from "../../s3/state.ts";

const SERVICE = "vmie.amazonaws.com";
/** VM Import/Export user guide, "Required service role": what the trust policy asks for. */
const EXTERNAL_ID = "vmimport";

/** What the service role is to be allowed in the bucket (the same place, the policy for exports). */
const ON_BUCKET = ["s3:GetBucketLocation", "s3:GetBucketAcl", "s3:ListBucket"];
const ON_OBJECTS = ["s3:PutObject", "s3:GetObject"];

/** @throws InvalidParameter where the role is not there, does not trust VM Import/Export, or may not write the file */
export function requireExportRole(call: Call, roleName: string, bucket: Bucket, key: string): void {
  const arn = `arn:${call.aws.partition}:iam::${call.account}:role/${roleName}`;
  const role = findRole(call.aws, arn);
  if (!role) throw refused(roleName);
  const asked: Authorization[] = [
    {
      action: "sts:AssumeRole",
      resources: [arn],
      resourcePolicy: role.trustPolicy,
      owner: call.account,
      as: servicePrincipal(SERVICE, call.account, ""),
      context: { "sts:ExternalId": EXTERNAL_ID },
    },
    ...ON_BUCKET.map((action) => ({ action, resources: [`arn:aws:s3:::${bucket.name}`] })),
    ...ON_OBJECTS.map((action) => ({ action, resources: [`arn:aws:s3:::${bucket.name}/${key}`] })),
  ];
  for (const one of asked) {
    const as = one.as ? call : { ...call, principal: rolePrincipal(arn, "vmie") };
    const inBucket = one.as ? {} : { owner: bucket.account, resourcePolicy: bucket.policy };
    try {
      authorize(as, { ...one, ...inBucket });
    } catch (cause) {
      throw refused(roleName, cause);
    }
  }
}

const refused = (role: string, cause?: unknown): AwsError =>
  new AwsError(
    "InvalidParameter",
    `The service role ${role} provided does not exist or does not have sufficient permissions`,
    { status: 400, cause },
  );
