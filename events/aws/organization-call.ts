import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/**
 * A call that changes the organization, as logged by CloudTrail (Organizations user guide, "Logging AWS Organizations
 * API calls"): best effort, only in us-east-1 of the management account, and only with a trail there.
 */
export const organizationCall = defineAwsEvent(
  "aws.organizations",
  "AWS API Call via CloudTrail",
  z.object({ eventSource: z.literal("organizations.amazonaws.com"), eventName: z.string() }),
);
