import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/**
 * An AMI of the account became available, failed, was disabled or deregistered (EC2 user guide, "Monitor AMI events
 * using Amazon EventBridge"); best effort. Launch permissions, deprecation and tags send none.
 */
export const amiStateChange = defineAwsEvent(
  "aws.ec2",
  "EC2 AMI State Change",
  z.object({ ImageId: z.string().min(1), State: z.string() }),
);
