import { evidence } from "../evidence.ts";
import { feedMirrors } from "../feeds.ts";
import { keyArn } from "../keys.ts";
import { asyncFunction } from "../lambda-function.ts";

/** Reads vendors' feeds over the internet: it is in no VPC. */
export const watchPackages = asyncFunction("watch-packages", {
  timeoutSeconds: 600,
  // A distribution's feeds are unpacked and read through.
  memoryMb: 1769,
  ledger: ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem"],
  putsEvents: true,
  grants: [
    { actions: ["s3:GetObject"], resources: [$interpolate`${evidence.arn}/evidence/*`] },
    // Without it S3 answers 403 for an object that is not there, as of a build whose evidence was removed.
    { actions: ["s3:ListBucket"], resources: [evidence.arn] },
    { actions: ["kms:Decrypt"], resources: [keyArn()] },
  ],
  environment: { EVIDENCE_BUCKET: evidence.bucket, FEED_MIRRORS: feedMirrors },
});
