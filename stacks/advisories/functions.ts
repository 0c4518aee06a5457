import { isParameter, watchedBases } from "../../core/advisories/bases.ts";
import { amiParents } from "../../core/advisories/newest-ami.ts";
import { describeImages } from "../channel/functions.ts";
import { evidence } from "../evidence/evidence.ts";
import { factory } from "../program/factory.ts";
import { parameterArn } from "../resources/deployment.ts";
import { keyArn } from "../resources/keys.ts";
import { asyncFunction } from "../resources/lambda-function.ts";
import { feedMirrors } from "./feed-mirrors.ts";

/** Reads registries over the internet, so it is not in a VPC. */
const parameters = watchedBases(factory).flatMap(({ name }) => (isParameter(name) ? [parameterArn(name)] : []));

export const watchBase = asyncFunction("advisories/watch-base", {
  timeoutSeconds: 60,
  ledger: ["BatchGetItem", "Query"],
  putsEvents: true,
  grants: parameters.length > 0 ? [{ actions: ["ssm:GetParameter"], resources: [...new Set(parameters)] }] : [],
});

const followed = amiParents(factory).map(({ parameter }) => parameterArn(parameter));

/** Deployed only if an image's parent is configured as an owner's newest AMI. */
export const resolveParents =
  followed.length > 0
    ? asyncFunction("advisories/resolve-parents", {
        timeoutSeconds: 300,
        ledger: ["GetItem", "PutItem"],
        putsEvents: true,
        // Parameter Store looks up the AMI with the permissions of the caller of PutParameter.
        grants: [describeImages, { actions: ["ssm:GetParameter", "ssm:PutParameter"], resources: followed }],
      })
    : undefined;

/** Reads vendors' feeds over the internet, so it is not in a VPC. */
export const watchPackages = asyncFunction("advisories/watch-packages", {
  timeoutSeconds: 600,
  // Unpacks and parses the feeds of a whole distribution.
  memoryMb: 1769,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    { actions: ["s3:GetObject"], resources: [$interpolate`${evidence.arn}/evidence/*`] },
    // Without it S3 returns 403 for a missing object, such as a build's deleted evidence.
    { actions: ["s3:ListBucket"], resources: [evidence.arn] },
    { actions: ["kms:Decrypt"], resources: [keyArn()] },
  ],
  environment: { EVIDENCE_BUCKET: evidence.bucket, FEED_MIRRORS: feedMirrors },
});
