import { expect, test } from "vitest";
import { report } from "../../../cli/factory/validate.ts";
import { factorySchema } from "../../../core/factory/factory-schema.ts";
import { openValidated } from "./validated-world.ts";

test("a mirror that the config leaves unverified is a warning, not an error", async () => {
  const world = await openValidated({ factory: { feeds: { unverified: ["al2023"] } } });

  const validation = await world.look();

  expect(validation.findings).toEqual([
    {
      where: "feeds.unverified",
      what: "the mirror of al2023 is read without a signature",
      fix: "give the mirror's OpenPGP key in the secret FeedMirrors, and take it off the list",
      warning: true,
    },
  ]);
  const lines = report({ usable: true, online: validation, findings: validation.findings });
  expect(lines[0]).toMatch(/^warning: feeds\.unverified: /);
  expect(lines.at(-1)).toBe("No problems found.");
});

test("only operating systems that have feeds can be named", () => {
  const feeds = { unverified: ["plan9"] };

  expect(factorySchema.safeParse({ feeds }).error?.issues).toContainEqual(
    expect.objectContaining({ code: "invalid_value", path: ["feeds", "unverified", 0] }),
  );
});
