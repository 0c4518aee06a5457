import { expect, test } from "vitest";
import factory from "../../factory.config.ts";
import { draw } from "./pictures/draw.ts";
import { flowOf } from "./pictures/flow.ts";
import { layersOf } from "./pictures/layers.ts";
import { lifeOf } from "./pictures/life.ts";

test.each([
  ["flow", flowOf(factory, "al2023-base")],
  ["layers", layersOf()],
  ["life-of-a-build", lifeOf(factory.name)],
] as const)("docs/%s.svg shows what the code says; `npm run pictures` draws it again", async (name, drawing) => {
  await expect(await draw(drawing)).toMatchFileSnapshot(`../../docs/${name}.svg`);
});
