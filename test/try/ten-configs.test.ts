// @module-tag deep
// @module-tag needs/sst-platform
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { chosenOf } from "../whole/deep/size.ts";
import { tryConfig } from "./try-config.ts";

const names = readdirSync(new URL("configs", import.meta.url)).map((file) => file.replace(/\.ts$/, ""));
const cases = names.flatMap((name) => [1, 2, 3].map((seed) => ({ name, seed })));

test.each(chosenOf(cases, 1, ({ name, seed }) => `${name} ${seed}`))(
  "$name passes twelve days with seed $seed",
  async ({ name, seed }) => {
    const { faults } = await tryConfig(name, { seed, days: 12 });

    expect(faults).toEqual([]);
  },
);
