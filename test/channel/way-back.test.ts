import { test } from "vitest";
import { expectAll, holdRules } from "./way-back/hold-rules.ts";

test("the factory's rules hold for any interleaving of promotions, approvals, rollbacks, revocations, restorations, crashes and retries", {
  timeout: 1_800_000,
}, async () => {
  expectAll(await holdRules());
});
