import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { keepCompiled, scriptOf } from "../../src/lambda-runtime/compiled-script.ts";

/** A cache with a build that ran once, as another process finds it. */
async function cacheOfEarlierProcess() {
  const root = mkdtempSync(join(tmpdir(), "compiled-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const [earlier, cache] = [join(root, "earlier"), join(root, "now")];
  mkdirSync(join(earlier, "build"), { recursive: true });
  writeFileSync(join(earlier, "build", "one.js"), '(function () { return "its own"; })');
  const script = await scriptOf(join(earlier, "build", "one.js"));
  script.runInThisContext()();
  keepCompiled(script);
  cpSync(earlier, cache, { recursive: true });
  const [compiled = ""] = globSync(join(cache, "*.compiled"));
  return { file: join(cache, "build", "one.js"), compiled };
}

test("a script is not compiled again if an earlier process did it", async () => {
  const { file } = await cacheOfEarlierProcess();

  const script = await scriptOf(file);

  expect(script.cachedDataRejected).toBe(false);
  expect(script.runInThisContext()()).toBe("its own");
});

test("compiled code that was changed is not used", async () => {
  const { file, compiled } = await cacheOfEarlierProcess();
  const content = readFileSync(compiled);
  content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
  writeFileSync(compiled, content);

  const script = await scriptOf(file);

  expect(script.cachedDataRejected).toBeUndefined();
  expect(script.runInThisContext()()).toBe("its own");
});

test.each(["", "short"])("compiled code that was not written whole (%j) is not used", async (content) => {
  const { file, compiled } = await cacheOfEarlierProcess();
  writeFileSync(compiled, content);

  const script = await scriptOf(file);

  expect(script.runInThisContext()()).toBe("its own");
});
