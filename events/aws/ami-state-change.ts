import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/**
 * An AMI of the account became available, failed, was disabled or was deregistered (EC2 user guide, "Monitor AMI events
 * using Amazon EventBridge"); best effort. Changes of launch permissions, deprecation and tags send no event.
 */
export const amiStateChange = defineAwsEvent(
  "aws.ec2",
  "EC2 AMI State Change",
  z.object({ ImageId: z.string().min(1), State: z.string() }),
);
