import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, test } from "vitest";
import { bundleHandlers } from "../../src/lambda-runtime/bundle-handlers.ts";
import { keepCompiled, scriptOf } from "../../src/lambda-runtime/compiled-script.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "program-"));
  mkdirSync(join(root, "node_modules"));
  mkdirSync(join(root, "functions"));
  writeFileSync(join(root, "shared.ts"), 'export const word: string = "first";');
  for (const name of ["one", "two"]) {
    const source = `import { word } from "../shared.ts"; export const handler = async () => "${name} " + word;`;
    writeFileSync(join(root, "functions", `${name}.ts`), source);
  }
});
afterEach(() => rmSync(root, { recursive: true }));

const handlers = ["functions/one.handler", "functions/two.handler"];
const answer = async (bundle: string | undefined) => (await import(bundle ?? "")).handler();

describe("the bundles of a program's functions", () => {
  it("hold what the handlers import", async () => {
    const bundles = await bundleHandlers(root, handlers);

    expect(await answer(bundles.get("functions/one.handler"))).toBe("one first");
    expect(await answer(bundles.get("functions/two.handler"))).toBe("two first");
  });

  it("come from the cache until a source changes, and are then built again", async () => {
    const first = await bundleHandlers(root, handlers);
    const again = await bundleHandlers(root, handlers);
    writeFileSync(join(root, "shared.ts"), 'export const word: string = "second one";');
    const changed = await bundleHandlers(root, handlers);

    expect(again).toEqual(first);
    expect(await answer(changed.get("functions/one.handler"))).toBe("one second one");
    // A process that still runs the former ones is not disturbed.
    expect(readFileSync(first.get("functions/one.handler") ?? "", "utf8")).toContain("one");
  });

  it("follow the program's options, and are built again when these or their sources change", async () => {
    const plugin = `{ name: "words", setup(build) {
      build.onLoad({ filter: /shared/ }, () => ({ contents: "export const word = WORD;" }));
    } }`;
    const config = (word: string) =>
      `export default { define: { WORD: ${JSON.stringify(JSON.stringify(word))} }, plugins: [${plugin}] };`;
    const plain = await bundleHandlers(root, handlers);
    writeFileSync(join(root, "bundle.config.ts"), config("of a plugin"));
    const own = await bundleHandlers(root, handlers);
    const again = await bundleHandlers(root, handlers);
    writeFileSync(join(root, "shared.ts"), "");
    const changed = await bundleHandlers(root, handlers);

    expect(await answer(plain.get("functions/one.handler"))).toBe("one first");
    expect(await answer(own.get("functions/one.handler"))).toBe("one of a plugin");
    expect(again).toEqual(own);
    expect(await answer(changed.get("functions/one.handler"))).toBe("one of a plugin");
  });

  it("differ by the query that the program's config reads", async () => {
    const define = '{ WORD: JSON.stringify(query.get("word")) }';
    writeFileSync(join(root, "shared.ts"), "declare const WORD: string; export const word = WORD;");
    writeFileSync(
      join(root, "bundle.config.ts"),
      `export default (query: URLSearchParams) => ({ define: ${define} });`,
    );

    const blue = await bundleHandlers(`${root}?word=blue`, handlers);
    const red = await bundleHandlers(`${root}?word=red`, handlers);

    expect(await answer(blue.get("functions/one.handler"))).toBe("one blue");
    expect(await answer(red.get("functions/one.handler"))).toBe("one red");
  });

  it("are refused with the file and line where a source does not parse", async () => {
    writeFileSync(join(root, "shared.ts"), "export const = 1;");

    await expect(bundleHandlers(root, handlers)).rejects.toThrow(/shared\.ts:1:13/);
  });
});

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
