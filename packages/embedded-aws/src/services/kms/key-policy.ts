import type {
  GetKeyPolicyCommandInput,
  GetKeyPolicyCommandOutput,
  ListKeyPoliciesCommandInput,
  ListKeyPoliciesCommandOutput,
  PutKeyPolicyCommandInput,
} from "@aws-sdk/client-kms";
import { AwsError } from "../../engine/aws-error.ts";
import { operation } from "../../engine/operation.ts";
import { authorizeKey } from "./authorize-key.ts";
import { requireKey } from "./find-key.ts";
import { requireCustomerKey } from "./usable-key.ts";

/** A key has one policy, and this is its name. */
const NAME = "default";

/** @throws MalformedPolicyDocumentException where the text is no JSON object with statements. */
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

export const getKeyPolicy = operation<GetKeyPolicyCommandInput, Omit<GetKeyPolicyCommandOutput, "$metadata">>({
  authorize: (input, call) => [authorizeKey(call, input.KeyId)],
  run(input, call) {
    requireName(input.PolicyName);
    return { Policy: requireKey(call.aws, call, input.KeyId).policy, PolicyName: NAME };
  },
});

export const putKeyPolicy = operation<PutKeyPolicyCommandInput, object>({
  authorize: (input, call) => [authorizeKey(call, input.KeyId)],
  run(input, call) {
    requireName(input.PolicyName);
    requireCustomerKey(call, input.KeyId).policy = requirePolicyDocument(input.Policy ?? "");
    return {};
  },
});

export const listKeyPolicies = operation<ListKeyPoliciesCommandInput, Omit<ListKeyPoliciesCommandOutput, "$metadata">>({
  authorize: (input, call) => [authorizeKey(call, input.KeyId)],
  run(input, call) {
    requireKey(call.aws, call, input.KeyId);
    return { PolicyNames: [NAME], Truncated: false };
  },
});
