import { resolve } from "node:path";
import { expect, test } from "vitest";
import { isWrapped } from "../../functions/lambda.ts";
import { declaredHandlers, nameOf } from "../../stacks/bundle/handlers.ts";
import { sourceFiles } from "./source-files.ts";

const handlers = declaredHandlers(".");

test.each(handlers.map((path) => [nameOf(path), path]))("%s exports a wrapped handler", async (_, path) => {
  const { handler } = await import(resolve(`functions/${path}.ts`));
  expect(isWrapped(handler)).toBe(true);
});

test("the stacks declare every handler, each under its own name", () => {
  const written = sourceFiles()
    .filter(
      ({ path, lines }) => path.startsWith("functions/") && lines.some((line) => /^export const handler\b/.test(line)),
    )
    .map(({ path }) => path.slice("functions/".length, -".ts".length));

  expect(handlers).toEqual(written.toSorted());
  expect(new Set(handlers.map(nameOf)).size).toBe(handlers.length);
});
