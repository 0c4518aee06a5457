import { test } from "vitest";
import { expectAll, holdRules } from "./way-back/hold-rules.ts";

test("however promotions, approvals, rollbacks, revocations, restorations, crashes and retries fall together, the factory's rules hold", {
  timeout: 1_800_000,
}, async () => {
  expectAll(await holdRules());
});
