import type * as Sdk from "@aws-sdk/client-kms";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { authorizeKey } from "./authorize-key.ts";
import { requireCustomerKey, requireKey } from "./find-key.ts";

/** The name of a key's only policy. */
const NAME = "default";

/** @throws MalformedPolicyDocumentException if the text is not a JSON object with statements */
export function requirePolicyDocument(text: string): string {
  try {
    const policy: unknown = JSON.parse(text);
    if (typeof policy === "object" && policy !== null && "Statement" in policy) return text;
  } catch (cause) {
    throw new AwsError("MalformedPolicyDocumentException", "The policy is not valid JSON", { cause });
  }
  throw new AwsError("MalformedPolicyDocumentException", "Missing required field Statement");
}

function requireName(name = NAME): void {
  if (name !== NAME)
    throw new AwsError("NotFoundException", `No such policy exists: ${name}; a key's policy is default`);
}

export const operations = {
  GetKeyPolicy: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      requireName(input.PolicyName);
      return { Policy: requireKey(call.aws, call, input.KeyId).policy, PolicyName: NAME };
    },
  },
  PutKeyPolicy: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      requireName(input.PolicyName);
      requireCustomerKey(call, input.KeyId).policy = requirePolicyDocument(input.Policy ?? "");
    },
  },
  ListKeyPolicies: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      requireKey(call.aws, call, input.KeyId);
      return { PolicyNames: [NAME], Truncated: false };
    },
  },
} satisfies Operations<typeof Sdk>;
