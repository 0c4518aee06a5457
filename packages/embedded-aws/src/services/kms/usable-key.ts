import { AwsError } from "../../engine/aws-error.ts";
import type { Call } from "../../engine/operation.ts";
import { requireKey } from "./find-key.ts";
import type { Key } from "./state.ts";

/** A key that is not waiting for its deletion. @throws KMSInvalidStateException */
export function requireLivingKey(call: Call, reference: string | undefined): Key {
  const key = requireKey(call.aws, call, reference);
  if (key.state === "PendingDeletion")
    throw new AwsError("KMSInvalidStateException", `${key.arn} is pending deletion.`);
  return key;
}

/** A key that can encrypt and decrypt. @throws DisabledException, KMSInvalidStateException */
export function requireUsableKey(call: Call, reference: string | undefined): Key {
  const key = requireLivingKey(call, reference);
  if (key.state === "Disabled") throw new AwsError("DisabledException", `${key.arn} is disabled.`);
  return key;
}

/** A key that its account may change. AWS managed keys are AWS's own. @throws AccessDeniedException */
export function requireCustomerKey(call: Call, reference: string | undefined): Key {
  const key = requireLivingKey(call, reference);
  if (key.manager === "AWS") {
    throw new AwsError(
      "AccessDeniedException",
      `User: ${call.principal.arn} is not authorized to change ${key.arn} because it is an AWS managed key`,
    );
  }
  return key;
}
