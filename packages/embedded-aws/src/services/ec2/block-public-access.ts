import type * as Sdk from "@aws-sdk/client-ec2";
import type { Operations } from "../../engine/operation.ts";
import { ec2State } from "./state.ts";

export const operations = {
  /** Whether the account may make more of its images public, region by region. Public ones stay public. */
  EnableImageBlockPublicAccess: {
    run(_input, { aws, account, region }) {
      aws.state(ec2State, account, region).blockPublicImages = "block-new-sharing";
      return { ImageBlockPublicAccessState: "block-new-sharing" };
    },
  },
  DisableImageBlockPublicAccess: {
    run(_input, { aws, account, region }) {
      aws.state(ec2State, account, region).blockPublicImages = "unblocked";
      return { ImageBlockPublicAccessState: "unblocked" };
    },
  },
  GetImageBlockPublicAccessState: {
    run: (_input, { aws, account, region }) => ({
      ImageBlockPublicAccessState: aws.state(ec2State, account, region).blockPublicImages,
      ManagedBy: "account",
    }),
  },
} satisfies Operations<typeof Sdk>;
