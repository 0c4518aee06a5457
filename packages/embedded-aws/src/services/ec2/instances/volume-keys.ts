import type { CreateGrantCommandInput } from "@aws-sdk/client-kms";
import { authorize } from "../../../engine/authorizer.ts";
import { AwsError, type Call } from "../../../engine/operation.ts";
import { recordCall } from "../../cloudtrail/record/record-call.ts";
import { idFrom } from "../../events/event.ts";
import { findKey, throughKey } from "../../kms/find-key.ts";
import { recorded } from "../../kms/recorded.ts";
import { findSnapshot } from "../find-image.ts";
import type { Instance, Volume } from "./instance.ts";

/** EC2 creates the grants for an instance's volumes on behalf of the caller that launches. */
const forEc2 = { "kms:GrantIsForAWSResource": "true" };

/**
 * The actions are those in the EBS user guide ("Requirements for Amazon EBS encryption", "Share the KMS key"), which
 * does not say which of them one launch makes. A volume without its own key keeps its snapshot's, even if that is
 * another account's.
 */
const READ = ["DescribeKey", "Decrypt", "ReEncryptFrom", "CreateGrant"];
const WRITTEN = ["DescribeKey", "Decrypt", "GenerateDataKeyWithoutPlaintext", "ReEncryptTo", "CreateGrant"];

interface KeyUse {
  readonly key: string;
  readonly actions: readonly string[];
}

function usesOf(call: Call, volume: Volume): KeyUse[] {
  const source = keyOfSnapshot(call, volume);
  const written = keyOfVolume(call, volume);
  return [
    ...(source ? [{ key: source, actions: READ }] : []),
    ...(written ? [{ key: written, actions: WRITTEN }] : []),
  ];
}

const keyOfSnapshot = (call: Call, { snapshotId }: Volume) =>
  snapshotId && findSnapshot(call.aws, call.region, snapshotId)?.kmsKeyArn;

/** The key that encrypts a volume, in a form KMS accepts; undefined if it is not encrypted. */
const keyOfVolume = (call: Call, volume: Volume): string | undefined =>
  volume.kmsKeyId ?? (keyOfSnapshot(call, volume) || (volume.encrypted ? "alias/aws/ebs" : undefined));

/** The ARN of the key that encrypts a volume; undefined if it is not encrypted. */
export function keyArnOfVolume(call: Call, volume: Volume): string | undefined {
  const key = keyOfVolume(call, volume);
  return key && (findKey(call.aws, call, key)?.arn ?? key);
}

/**
 * Whether one of the volumes' keys is deleted or not enabled, or the caller lacks a permission on it by the key's
 * policy, its grants, or the caller's own policies.
 */
export const keysRefuse = (call: Call, volumes: readonly Volume[]): boolean =>
  volumes.flatMap((volume) => usesOf(call, volume)).some((use) => refuses(call, use));

function refuses(call: Call, { key, actions }: KeyUse): boolean {
  // Public reports show `Client.InvalidKMSKey.InvalidState` for some keys that are not enabled; AWS does not document
  // when.
  if (findKey(call.aws, call, key)?.state !== "Enabled") return true;
  try {
    for (const asked of throughKey(call, "ec2", key, actions, forEc2)) {
      authorize(call, { action: "", resources: [], ...asked });
    }
    return false;
  } catch (refusal) {
    if (refusal instanceof AwsError) return true;
    throw refusal;
  }
}

/**
 * Records the grants with which EC2 attaches encrypted volumes, made with the caller's permissions: in the caller's
 * account and in the key owner's (KMS developer guide, "Amazon EC2 example two"; that the key owner's account gets the
 * event follows from the CloudTrail user guide). The grants themselves are not stored.
 */
export function recordVolumeGrants(call: Call, { id, volumes }: Pick<Instance, "id" | "volumes">): void {
  for (const volume of volumes) {
    const reference = keyOfVolume(call, volume);
    const key = reference === undefined ? undefined : findKey(call.aws, call, reference);
    if (!key) continue;
    const requestId = idFrom(`${call.requestId}/${volume.id}`);
    const input: CreateGrantCommandInput = {
      KeyId: key.arn,
      GranteePrincipal: `arn:${call.aws.partition}:sts::${call.account}:assumed-role/aws:ec2-infrastructure/${id}`,
      Operations: ["Decrypt"],
      Constraints: { EncryptionContextSubset: { "aws:ebs:id": volume.id } },
      RetiringPrincipal: `ec2.${call.region}.amazonaws.com`,
    };
    const GrantId = idFrom(`${requestId}/grant`).replaceAll("-", "").repeat(2);
    recordCall({ recorded }, "CreateGrant", input, { ...call, requestId })?.answered({ GrantId });
  }
}
