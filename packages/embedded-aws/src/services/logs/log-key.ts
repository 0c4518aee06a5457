import { authorize } from "../../engine/authorizer.ts";
import type { Call } from "../../engine/operation.ts";
import { servicePrincipal } from "../../engine/principal.ts";
import { authorizeKey } from "../kms/authorize-key.ts";
import { requireUsableKey } from "../kms/find-key.ts";
import { groupArn, invalid } from "./log-group.ts";

/** The service's actions on a group's key (CloudWatch Logs user guide, "Encrypt log data using AWS KMS"). */
const ACTIONS = ["Encrypt", "Decrypt", "GenerateDataKey", "DescribeKey"];

/**
 * The ARN of a key for a group: symmetric, enabled, and with a policy that allows CloudWatch Logs to use it.
 * @throws InvalidParameterException
 */
export function requireKey(call: Call, group: string, reference: string): string {
  const arn = groupArn(call, group);
  const refusal = (): Error =>
    invalid(`The specified KMS key does not exist or is not allowed to be used with LogGroup '${arn}'`);
  try {
    const key = requireUsableKey(call, reference);
    if (key.signing) throw refusal();
    const principal = servicePrincipal(`logs.${call.region}.amazonaws.com`, call.account, arn);
    const asked = authorizeKey(call, reference, { "kms:EncryptionContext:aws:logs:arn": arn });
    for (const action of ACTIONS) authorize({ ...call, principal }, { ...asked, action: `kms:${action}` });
    return key.arn;
  } catch {
    throw refusal();
  }
}
