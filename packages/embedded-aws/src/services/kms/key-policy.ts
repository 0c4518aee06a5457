import type * as Sdk from "@aws-sdk/client-kms";
import { AwsError, type Operations } from "../../engine/operation.ts";
import { authorizeKey, requireCustomerKey, requireKey } from "./find-key.ts";
import { validationError } from "./state.ts";

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
  EnableKeyRotation: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const days = input.RotationPeriodInDays ?? DEFAULT_DAYS;
      if (days < 90 || days > 2560) {
        throw validationError(
          `1 validation error detected: Value '${days}' at 'rotationPeriodInDays' failed to satisfy constraint: Member must have value between 90 and 2560`,
        );
      }
      const key = requireCustomerKey(call, input.KeyId);
      if (key.signing) throw new AwsError("UnsupportedOperationException", "");
      key.rotationDays = days;
      key.rotationSince = call.aws.clock.now();
    },
  },
  DisableKeyRotation: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      requireCustomerKey(call, input.KeyId).rotationDays = undefined;
    },
  },
  GetKeyRotationStatus: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const key = requireKey(call.aws, call, input.KeyId);
      if (key.rotationDays === undefined) return { KeyId: key.id, KeyRotationEnabled: false };
      const period = key.rotationDays * DAY;
      const rotations = Math.floor((call.aws.clock.now() - key.rotationSince) / period);
      return {
        KeyId: key.id,
        KeyRotationEnabled: true,
        RotationPeriodInDays: key.rotationDays,
        NextRotationDate: new Date(key.rotationSince + (rotations + 1) * period),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

const DAY = 86_400_000;

const DEFAULT_DAYS = 365;
