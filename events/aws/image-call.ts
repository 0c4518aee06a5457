import * as z from "zod";
import { defineAwsEvent, loggedCall } from "../define-event.ts";

/** EC2's older operations log their parameters directly, newer ones below `<operation>Request`. */
const parameters = z
  .looseObject({ imageId: z.string().optional() })
  .transform((given) => given.imageId ?? nestedImageId(given));

/**
 * An EC2 call that changes an AMI's attributes, as logged by CloudTrail; best effort, and only with a trail that logs
 * management events in this region. `requestParameters` is parsed to the AMI's id.
 */
export const imageCall = defineAwsEvent(
  "aws.ec2",
  "AWS API Call via CloudTrail",
  loggedCall({ requestParameters: parameters.pipe(z.string({ error: "an AMI's id" })) }),
);

function nestedImageId(given: Readonly<Record<string, unknown>>): string | undefined {
  const request = Object.entries(given).find(([name]) => name.endsWith("Request"))?.[1];
  const { ImageId } = z.object({ ImageId: z.string() }).safeParse(request).data ?? {};
  return ImageId;
}
