import { expect, test } from "vitest";
import { isDeep } from "../whole/deep/size.ts";
import { holdRetireRules } from "./histories/hold-rules.ts";

test("in random histories of ageing builds, no build in use is retired, and all others eventually are", {
  timeout: 3_600_000,
}, async () => {
  const counts = await holdRetireRules();

  // Fifty histories are too few for all of it to happen.
  if (!isDeep) return;
  const seen = [
    ...["withdrawn", "disabled", "deregistered", "given back", "use by others", "use by the factory"],
    ...[
      "share done",
      "revoke done",
      "restore done",
      "rollback done",
      "promote done",
      "in the middle of a run",
      "run failed",
    ],
  ];
  for (const what of seen) expect(counts.get(what) ?? 0, `${what}: ${JSON.stringify([...counts])}`).toBeGreaterThan(0);
});
