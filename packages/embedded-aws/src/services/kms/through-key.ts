import type { Authorization, Call } from "../../engine/operation.ts";
import { authorizeKey } from "./authorize-key.ts";

/**
 * What a service asks of KMS with its caller's rights: actions on the key that encrypts the caller's data. Nothing
 * where no key of KMS is in play.
 * @param service as `kms:ViaService` begins: `sns`, `sqs`, `ec2`
 */
export function throughKey(
  call: Call,
  service: string,
  key: string | undefined,
  actions: readonly string[],
  context: Authorization["context"] = {},
): Partial<Authorization>[] {
  if (!key) return [];
  const via = { "kms:ViaService": `${service}.${call.region}.amazonaws.com` };
  const asked = authorizeKey(call, key, { ...context, ...via });
  return actions.map((action) => ({ ...asked, action: `kms:${action}` }));
}
