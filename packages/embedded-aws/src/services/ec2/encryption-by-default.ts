import type {
  DisableEbsEncryptionByDefaultCommandOutput,
  EnableEbsEncryptionByDefaultCommandOutput,
  GetEbsEncryptionByDefaultCommandOutput,
} from "@aws-sdk/client-ec2";
import { type Call, operation } from "../../engine/operation.ts";
import { ec2State } from "./state.ts";

const stateOf = ({ aws, account, region }: Call) => aws.state(ec2State, account, region);

/** Of the account in the region. Here it counts for snapshots that the EBS direct APIs start. */
export const enableEbsEncryptionByDefault = operation<
  object,
  Omit<EnableEbsEncryptionByDefaultCommandOutput, "$metadata">
>({
  run(_input, call) {
    stateOf(call).encryptsByDefault = true;
    return { EbsEncryptionByDefault: true };
  },
});

export const disableEbsEncryptionByDefault = operation<
  object,
  Omit<DisableEbsEncryptionByDefaultCommandOutput, "$metadata">
>({
  run(_input, call) {
    stateOf(call).encryptsByDefault = false;
    return { EbsEncryptionByDefault: false };
  },
});

export const getEbsEncryptionByDefault = operation<object, Omit<GetEbsEncryptionByDefaultCommandOutput, "$metadata">>({
  run: (_input, call) => ({ EbsEncryptionByDefault: stateOf(call).encryptsByDefault }),
});
