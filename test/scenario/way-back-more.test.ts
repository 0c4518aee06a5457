import { test } from "vitest";
import { expectAll, holdRules } from "./wayback/hold-rules.ts";

/** A file of its own, so that another worker does it. */
test("the factory's rules hold over the other half of the schedules of promotions, approvals and the ways back, too", {
  timeout: 1_800_000,
}, async () => {
  expectAll(await holdRules(1));
});
