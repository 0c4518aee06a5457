import type * as Sdk from "@aws-sdk/client-ec2";
import type { Call, Operations } from "../../engine/operation.ts";
import { ec2State } from "./state.ts";

const stateOf = ({ aws, account, region }: Call) => aws.state(ec2State, account, region);

export const operations = {
  /** Of the account in the region. Here it counts for snapshots that the EBS direct APIs start. */
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
} satisfies Operations<typeof Sdk>;
