import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { isWrapped } from "../../functions/lib/lambda.ts";

const handlers = readdirSync("functions").filter((file) => file.endsWith(".ts"));

test.each(handlers)("functions/%s leaves through the one wrapper", async (file) => {
  const { handler } = await import(`../../functions/${file}`);
  expect(isWrapped(handler)).toBe(true);
});
