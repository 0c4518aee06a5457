// @module-tag deep
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { faults } from "./histories/planted/faults.ts";

const program = new URL("histories/planted/program/", import.meta.url);
const plant = new URL("plant.ts", program).href;
const live = fileURLToPath(new URL("live-until-noticed.ts", program));
/** What Node made of the product's files, which are the same for all faults but one. */
const NODE_COMPILE_CACHE = fileURLToPath(new URL("../../node_modules/.cache/amint/planted", import.meta.url));
const run = promisify(execFile);

/** Each fault is noticed within this number of histories of this seed; most within ten. */
const MOST = 1_000;
const SEED = 1;

it.each(faults)("is noticed by the histories of retirement: $name", async ({ name }) => {
  const env = { NODE_COMPILE_CACHE, PLANTED: name, MOST: String(MOST), SEED: String(SEED) };

  const { stdout } = await run(process.execPath, ["--import", plant, live], { env });

  const { lives, broken } = JSON.parse(stdout) as { lives: number; broken: readonly string[] };
  expect(broken.length, `in ${lives} histories`).toBeGreaterThan(0);
});

it("notices nothing where no fault is planted", async () => {
  const env = { NODE_COMPILE_CACHE, MOST: "20", SEED: String(SEED) };

  const { stdout } = await run(process.execPath, [live], { env });

  expect(JSON.parse(stdout)).toEqual({ noticed: false, lives: 20, broken: [] });
});
