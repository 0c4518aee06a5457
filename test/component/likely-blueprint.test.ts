// @module-tag deep
// @module-tag needs/sst-platform
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test, vi } from "vitest";
import { loadFactory } from "../../cli/command/load-factory.ts";
import { likelyBlueprint } from "../../cli/component/image-source.ts";
import { findProject } from "../../stacks/blueprint/project.ts";

const CONFIG = "demo/debian/factory.config.ts";

const folder = mkdtempSync(join(tmpdir(), "cache-"));
vi.stubEnv("COMPONENT_RUNNER_CACHE", folder);
afterAll(() => rmSync(folder, { recursive: true }));

const likely = async (cache = true) => likelyBlueprint(findProject(CONFIG), await loadFactory(CONFIG), cache);
const kept = () => join(folder, readdirSync(folder).find((name) => name.startsWith("blueprint-")) ?? "none");

test("an earlier blueprint counts once the program has produced the same again", async () => {
  const first = await likely();
  await first.confirmed;

  const second = await likely();

  expect(second.text).toBe(first.text);
  await expect(second.confirmed).resolves.toBeUndefined();
  expect(readFileSync(kept(), "utf8")).toBe(first.text);
});

test("if the program produces another one, the run fails, and the next run uses it", async () => {
  const right = readFileSync(kept(), "utf8");
  writeFileSync(kept(), right.replace("debian-example", "another"));

  const wrong = await likely();

  expect(wrong.text).not.toBe(right);
  await expect(wrong.confirmed).rejects.toThrow("gives another result than earlier today");
  expect(readFileSync(kept(), "utf8")).toBe(right);
});

test("without the cache, earlier blueprints do not count", async () => {
  const right = readFileSync(kept(), "utf8");
  writeFileSync(kept(), right.replace("debian-example", "another"));

  const { text, confirmed } = await likely(false);
  await confirmed;

  expect(text).toBe(right);
});
