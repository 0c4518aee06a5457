import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/**
 * A resource share, or an association of it, changed in this region (RAM user guide, "Monitoring AWS RAM using Amazon
 * EventBridge"); best effort, to the owner and to principals.
 */
export const resourceSharingStateChange = defineAwsEvent(
  "aws.ram",
  "Resource Sharing State Change",
  z.object({ event: z.string() }),
);
