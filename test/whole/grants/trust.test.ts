// @module-tag deep
import { describe, expect, test } from "vitest";
import { daysByHand } from "./by-hand.ts";
import { inWords } from "./grant.ts";
import { blueprint, trustCheckedAtOnce } from "./missable.ts";
import { refusalNaming } from "./named.ts";

describe("removing one grant", () => {
  test.each(trustCheckedAtOnce.map((grant) => [inWords(grant), grant] as const))(
    "%s is noticed by the deployment",
    async (_, grant) => {
      const deployed = daysByHand.start(grant.without(blueprint)).then(
        (running) => running.close(),
        (error: unknown) => String(error),
      );

      const failure = (await deployed) ?? "deployed";

      expect(failure).toMatch(/assume/);
      expect(refusalNaming(grant, { refusals: [], failures: [failure] })).toBe(failure);
    },
  );
});
