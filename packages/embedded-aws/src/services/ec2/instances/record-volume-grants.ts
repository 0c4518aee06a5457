import type { CreateGrantCommandInput } from "@aws-sdk/client-kms";
import type { Call } from "../../../engine/operation.ts";
import { recordCall } from "../../cloudtrail/record/record-call.ts";
import { idFrom } from "../../events/event.ts";
import { findKey } from "../../kms/find-key.ts";
import { recorded } from "../../kms/recorded.ts";
import { keyOfVolume } from "./authorize-volume-keys.ts";
import type { Instance } from "./instance.ts";

/**
 * Records the grants by which EC2 attaches encrypted volumes, made with the rights of the caller: in the caller's account
 * and in the key owner's (KMS developer guide, "Amazon EC2 example two"; that a key of another account gets the event
 * follows from the CloudTrail user guide). The grants themselves are not kept.
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
