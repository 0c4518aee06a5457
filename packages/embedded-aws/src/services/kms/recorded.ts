import type { RecordedService } from "../../engine/operation.ts";
import { toElements } from "../cloudtrail/record/to-elements.ts";
import { findKey } from "./find-key.ts";
import type { Key } from "./state.ts";

/** Read events, since 2019 (CloudTrail user guide, "Logging management events"); inferred for Sign and Verify. */
const CRYPTOGRAPHY = /^(Decrypt|Encrypt|GenerateDataKey|GenerateDataKeyWithoutPlaintext|ReEncrypt|Sign|Verify)$/;

/** The request's key, and what KMS adds to recorded requests. */
interface KeyRequest {
  readonly KeyId?: string;
  readonly TargetKeyId?: string;
}

/**
 * The shapes are from the KMS developer guide, "Examples of AWS KMS log entries". Some examples there show null where
 * the text says that the response has the key's ARN since December 2022 (CreateAlias, DeleteAlias, DisableKey,
 * EnableKey, UpdateAlias, ...); it does not mention PutKeyPolicy and RevokeGrant, so they stay null.
 */
export const recorded: RecordedService = {
  eventSource: "kms.amazonaws.com",
  source: "aws.kms",
  isRead: (name) => /^(Describe|Get|List)/.test(name) || CRYPTOGRAPHY.test(name),
  otherAccounts(input, call) {
    const owner = findKeyOf(input, call)?.account;
    return owner === undefined ? [] : [owner];
  },
  requestParameters: (name, input) => ({
    ...(name === "PutKeyPolicy" && { policyName: "default", bypassPolicyLockoutSafetyCheck: false }),
    ...(toElements(input) as object),
  }),
  responseElements(name, output, call, input) {
    const { GrantToken: _, ...shown } = output as { readonly GrantToken?: string };
    const elements = toElements(shown) as object | null;
    const key = SINCE_2022.test(name) ? findKeyOf(input, call) : undefined;
    return key ? { ...elements, keyId: key.arn } : elements;
  },
  moreFields(_name, input, output, call) {
    const made = (output as { readonly KeyMetadata?: { readonly KeyId?: string } } | undefined)?.KeyMetadata?.KeyId;
    const key = findKeyOf(made === undefined ? input : { KeyId: made }, call);
    return key ? { resources: [resource(key)] } : {};
  },
};

const SINCE_2022 =
  /^(CreateAlias|CreateGrant|DeleteAlias|DisableKey|DisableKeyRotation|EnableKey|EnableKeyRotation|ScheduleKeyDeletion|TagResource|UntagResource|UpdateAlias|UpdateKeyDescription)$/;

function findKeyOf(input: object, call: Parameters<NonNullable<RecordedService["otherAccounts"]>>[1]): Key | undefined {
  const { KeyId, TargetKeyId } = input as KeyRequest;
  const reference = KeyId ?? TargetKeyId;
  return reference === undefined ? undefined : findKey(call.aws, call, reference);
}

const resource = ({ arn, account }: Key) => ({ accountId: account, type: "AWS::KMS::Key", ARN: arn });
