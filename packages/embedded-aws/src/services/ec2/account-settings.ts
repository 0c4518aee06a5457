import type * as Sdk from "@aws-sdk/client-ec2";
import type { Call, Operations } from "../../engine/operation.ts";
import { requireKey } from "../kms/find-key.ts";
import { ec2State } from "./state.ts";

/** The account's settings in one region. */
const stateOf = ({ aws, account, region }: Call) => aws.state(ec2State, account, region);

export const operations = {
  /** Whether the account may make more of its images public, for each region. Public ones stay public. */
  EnableImageBlockPublicAccess: {
    run(_input, call) {
      stateOf(call).blockPublicImages = "block-new-sharing";
      return { ImageBlockPublicAccessState: "block-new-sharing" };
    },
  },
  DisableImageBlockPublicAccess: {
    run(_input, call) {
      stateOf(call).blockPublicImages = "unblocked";
      return { ImageBlockPublicAccessState: "unblocked" };
    },
  },
  GetImageBlockPublicAccessState: {
    run: (_input, call) => ({
      ImageBlockPublicAccessState: stateOf(call).blockPublicImages,
      ManagedBy: "account",
    }),
  },
  /** Per account and region. Here it affects snapshots that the EBS direct APIs start. */
  EnableEbsEncryptionByDefault: {
    run(_input, call) {
      stateOf(call).encryptsByDefault = true;
      return { EbsEncryptionByDefault: true };
    },
  },
  DisableEbsEncryptionByDefault: {
    run(_input, call) {
      stateOf(call).encryptsByDefault = false;
      return { EbsEncryptionByDefault: false };
    },
  },
  GetEbsEncryptionByDefault: {
    run: (_input, call) => ({ EbsEncryptionByDefault: stateOf(call).encryptsByDefault }),
  },
  /** The configured key, or AWS's own (API reference, GetEbsDefaultKmsKeyId). */
  GetEbsDefaultKmsKeyId: {
    run: (_input, call) => ({ KmsKeyId: stateOf(call).defaultKey ?? "alias/aws/ebs" }),
  },
  ModifyEbsDefaultKmsKeyId: {
    run({ KmsKeyId = "" }, call) {
      const { arn } = requireKey(call.aws, call, KmsKeyId);
      stateOf(call).defaultKey = arn;
      return { KmsKeyId: arn };
    },
  },
} satisfies Operations<typeof Sdk>;
