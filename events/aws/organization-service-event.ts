import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/**
 * Organizations finished what it had begun: an account was made, closed, joined or departed. As unreliable as the
 * events of calls, and from the same place.
 */
export const organizationServiceEvent = defineAwsEvent(
  "aws.organizations",
  "AWS Service Event via CloudTrail",
  z.object({ eventSource: z.literal("organizations.amazonaws.com"), eventName: z.string() }),
);
