import type * as Sdk from "@aws-sdk/client-kms";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { authorizeKey } from "./authorize-key.ts";
import { requireCustomerKey, requireKey } from "./find-key.ts";

const DAY = 86_400_000;

const DEFAULT_DAYS = 365;

export const operations = {
  EnableKeyRotation: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const days = input.RotationPeriodInDays ?? DEFAULT_DAYS;
      if (days < 90 || days > 2560) {
        throw new AwsError(
          "ValidationException",
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
