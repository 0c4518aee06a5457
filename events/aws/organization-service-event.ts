import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/**
 * Organizations finished an operation: an account was created, closed, joined or left. Best effort, and from the same
 * place as the events of calls.
 */
export const organizationServiceEvent = defineAwsEvent(
  "aws.organizations",
  "AWS Service Event via CloudTrail",
  z.object({ eventSource: z.literal("organizations.amazonaws.com"), eventName: z.string() }),
);
