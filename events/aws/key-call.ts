import * as z from "zod";
import { defineAwsEvent, loggedCall } from "../define-event.ts";

/**
 * A KMS call that changes a key, as logged by CloudTrail in the key's account (KMS developer guide, "Logging AWS KMS
 * API calls with AWS CloudTrail"); best effort, and only with a trail that does not exclude KMS.
 */
export const keyCall = defineAwsEvent(
  "aws.kms",
  "AWS API Call via CloudTrail",
  /** The key's ARN. */
  loggedCall({ resources: z.array(z.object({ ARN: z.string().min(1) })).min(1) }),
);
