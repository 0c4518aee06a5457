import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/**
 * Somebody called KMS to change a key, as CloudTrail logs it in the key's account (KMS developer guide, "Logging AWS KMS
 * API calls with AWS CloudTrail"); best effort, and only with a trail that does not exclude KMS.
 */
export const keyCall = defineAwsEvent(
  "aws.kms",
  "AWS API Call via CloudTrail",
  z.union([
    z.object({ eventName: z.string(), errorCode: z.string() }),
    /** The key, by its ARN. */
    z.object({ eventName: z.string(), resources: z.array(z.object({ ARN: z.string().min(1) })).min(1) }),
  ]),
);
