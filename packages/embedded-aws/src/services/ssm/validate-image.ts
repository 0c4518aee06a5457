import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import { AwsError } from "../../engine/aws-error.ts";
import type { Call } from "../../engine/operation.ts";

/** How long the validation of an AMI id takes. AWS says "up to a few minutes"; mostly it is seconds. */
export const VALIDATION_MS = 2_000;

/** From the first attempt on; a parameter whose validation failed can't be written again before that. */
export const RETRY_AFTER_MS = 300_000;

/** Parameter Store asks EC2 with the rights of who put the parameter: an AMI that they cannot see is no AMI. */
export async function imageExists(call: Call, imageId: string): Promise<boolean> {
  try {
    const found = await call.aws.call<DescribeImagesCommandOutput>(
      "ec2",
      "DescribeImages",
      { ImageIds: [imageId] },
      call,
    );
    return found.Images?.length === 1;
  } catch (refusal) {
    if (refusal instanceof AwsError) return false;
    throw refusal;
  }
}
