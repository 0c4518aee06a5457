import type { Operations } from "../../engine/operation.ts";
import { checkRule } from "./check-rule.ts";
import { authorizeRule, requireRule, requireUnlockedRule } from "./find-rule.ts";
import { ruleLocked } from "./refusals.ts";
import type { RecycleBin } from "./rule-input.ts";
import { lockStateOf, toRule } from "./to-rule.ts";

export const operations = {
  /** Nobody can change or delete it until it was unlocked and its delay is over. */
  LockRule: {
    authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
    run({ Identifier, LockConfiguration }, call) {
      const rule = requireUnlockedRule(call, Identifier);
      const lock = { delayDays: LockConfiguration.UnlockDelay.UnlockDelayValue, unlockedAt: undefined };
      checkRule(call, { ...rule, lock });
      rule.lock = lock;
      return toRule(rule, call.aws.clock.now());
    },
  },
  UnlockRule: {
    authorize: ({ Identifier }, call) => [authorizeRule(call, Identifier)],
    run({ Identifier }, call) {
      const now = call.aws.clock.now();
      const rule = requireRule(call, Identifier);
      if (!rule.lock || rule.lock.unlockedAt !== undefined) {
        throw ruleLocked(rule.id, lockStateOf(rule, now) ?? "null");
      }
      rule.lock = { ...rule.lock, unlockedAt: now };
      return toRule(rule, now);
    },
  },
} satisfies Operations<RecycleBin>;
