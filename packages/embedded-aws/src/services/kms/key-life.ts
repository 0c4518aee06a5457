import type * as Sdk from "@aws-sdk/client-kms";
import { AwsError } from "../../engine/aws-error.ts";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Operations } from "../../engine/operation.ts";
import { authorizeKey } from "./authorize-key.ts";
import { requireKey } from "./find-key.ts";
import { type Key, kmsState } from "./state.ts";
import { requireCustomerKey } from "./usable-key.ts";

const DAY = 86_400_000;

export const operations = {
  EnableKey: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      requireCustomerKey(call, input.KeyId).state = "Enabled";
      return {};
    },
  },
  DisableKey: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      requireCustomerKey(call, input.KeyId).state = "Disabled";
      return {};
    },
  },
  UpdateKeyDescription: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      requireCustomerKey(call, input.KeyId).description = input.Description ?? "";
      return {};
    },
  },
  ScheduleKeyDeletion: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const days = input.PendingWindowInDays ?? 30;
      if (days < 7 || days > 30) {
        throw new AwsError(
          "ValidationException",
          `1 validation error detected: Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint: Member must have value between 7 and 30`,
        );
      }
      const key = requireCustomerKey(call, input.KeyId);
      const deletionAt = call.aws.clock.now() + days * DAY;
      key.state = "PendingDeletion";
      key.deletionAt = deletionAt;
      call.aws.clock.after(days * DAY, () => {
        if (key.deletionAt === deletionAt) forget(call.aws, key, call.region);
      });
      return {
        KeyId: key.arn,
        DeletionDate: new Date(deletionAt),
        KeyState: "PendingDeletion",
        PendingWindowInDays: days,
      };
    },
  },
  CancelKeyDeletion: {
    authorize: (input, call) => [authorizeKey(call, input.KeyId)],
    run(input, call) {
      const key = requireKey(call.aws, call, input.KeyId);
      if (key.state !== "PendingDeletion") {
        throw new AwsError("KMSInvalidStateException", `${key.arn} is not pending deletion.`);
      }
      // A key that was saved from deletion comes back disabled.
      key.state = "Disabled";
      key.deletionAt = undefined;
      return { KeyId: key.arn };
    },
  },
} satisfies Operations<typeof Sdk>;

function forget(aws: EmbeddedAws, key: Key, region: string): void {
  const { keys, aliases } = aws.state(kmsState, key.account, region);
  keys.delete(key.id);
  for (const alias of [...aliases.values()]) if (alias.keyId === key.id) aliases.delete(alias.name);
}
