import { expect, test } from "vitest";
import { drawFlow } from "../../demo/draw-flow.ts";
import factory from "../../factory.config.ts";

test("README's picture shows what the example's config says; `npx vitest run test/docs/flow.test.ts -u` draws it again", async () => {
  await expect(await drawFlow(factory, "al2023-base")).toMatchFileSnapshot("../../docs/flow.svg");
});
