import type {
  DisableImageBlockPublicAccessCommandOutput,
  EnableImageBlockPublicAccessCommandInput,
  EnableImageBlockPublicAccessCommandOutput,
  GetImageBlockPublicAccessStateCommandOutput,
} from "@aws-sdk/client-ec2";
import { operation } from "../../engine/operation.ts";
import { invalidParameter } from "./refusals.ts";
import { ec2State } from "./state.ts";

/** Whether the account may make more of its images public, region by region. Public ones stay public. */
export const enableImageBlockPublicAccess = operation<
  EnableImageBlockPublicAccessCommandInput,
  Omit<EnableImageBlockPublicAccessCommandOutput, "$metadata">
>({
  run(input, { aws, account, region }) {
    if (input.ImageBlockPublicAccessState !== "block-new-sharing") {
      throw invalidParameter(
        `Invalid value '${input.ImageBlockPublicAccessState}' for ImageBlockPublicAccessState. Valid values: block-new-sharing`,
      );
    }
    aws.state(ec2State, account, region).blockPublicImages = "block-new-sharing";
    return { ImageBlockPublicAccessState: "block-new-sharing" };
  },
});

export const disableImageBlockPublicAccess = operation<
  object,
  Omit<DisableImageBlockPublicAccessCommandOutput, "$metadata">
>({
  run(_input, { aws, account, region }) {
    aws.state(ec2State, account, region).blockPublicImages = "unblocked";
    return { ImageBlockPublicAccessState: "unblocked" };
  },
});

export const getImageBlockPublicAccessState = operation<
  object,
  Omit<GetImageBlockPublicAccessStateCommandOutput, "$metadata">
>({
  run: (_input, { aws, account, region }) => ({
    ImageBlockPublicAccessState: aws.state(ec2State, account, region).blockPublicImages,
    ManagedBy: "account",
  }),
});
