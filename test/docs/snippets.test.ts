import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { runInNewContext } from "node:vm";
import { transform } from "esbuild";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { defineFactory, type FactoryInput, patchTuesday } from "../../core/factory/amint.ts";
import { describeIssue } from "../../core/factory/describe-issue.ts";
import { factorySchema } from "../../core/factory/factory-schema.ts";
import { renamedKeys, renameKeys } from "../../core/factory/renamed-keys.ts";
import { commandsIn, fault, mentionFault } from "./commands.ts";
import { hclErrors } from "./hcl.ts";
import { anchors, type Block, links, type Page, pages, readPage } from "./markdown.ts";

type Fields = Record<string, unknown>;

/** Where a key of the config stands, if not in the factory or in an image. */
const CHANNEL = new Set(["name", "share", "soak", "approval", "quorum", "exports", "rollout"]);
const GATE = new Set(["cve", "benchmark", "packages", "drift", "sbom"]);

/** What the snippets take from the rest of a config. */
const surroundings = {
  patchTuesday,
  content: { url: "https://example.com/benchmark.xml", sha256: "0".repeat(64) },
  baseline: { profile: "xccdf_org.ssgproject.content_profile_stig", accepted: {} },
  al2023Level1: { level: 1, accepted: {} },
};

/** TypeScript as a script whose last expression is its value. @throws Error of esbuild, with the line */
async function evaluate(code: string, context: object): Promise<unknown> {
  const { code: script } = await transform(code, { loader: "ts", format: "cjs", target: "es2024" });
  // Objects of another context would be of no class that a schema knows.
  return structuredClone(runInNewContext(script, context));
}

/** The example's config as it is written: `defineFactory` fills in defaults. */
async function exampleInput(): Promise<FactoryInput> {
  const text = readFileSync("factory.config.ts", "utf8").replace(/^import .*$/gm, "");
  const define = text.replace("export default defineFactory(", "(");
  return (await evaluate(define, { patchTuesday })) as FactoryInput;
}

const example = await exampleInput();
const imageKeys = new Set(Object.values(example.images).flatMap((image) => Object.keys(image)));
const isImage = (value: unknown): value is Fields => typeof value === "object" && value !== null && "os" in value;

/** An image of the example with other fields. A new one shares only what every image must have. */
function imageWith(name: string, fields: Fields): Fields {
  const { parent, channels, os, architecture } = example.images["al2023-base"] as Fields;
  const merged: Fields = { ...(example.images[name] ?? { parent, channels, os, architecture }), ...fields };
  const given = merged.channels as readonly Fields[];
  return { ...merged, channels: given.map((one) => ({ name: "stable", share: { organization: true }, ...one })) };
}

/** The example factory with a piece of a config put where it belongs. */
function exampleWith(piece: Fields): Fields {
  const factory: Fields = {};
  const image: Fields = {};
  const channel: Fields = {};
  const gate: Fields = {};
  const images: Record<string, Fields> = {};
  for (const [key, value] of Object.entries(piece)) {
    if (key === "images") for (const [name, one] of Object.entries(value as Fields)) images[name] = one as Fields;
    else if (isImage(value)) images[key] = value;
    else if (GATE.has(key)) gate[key] = value;
    else if (CHANNEL.has(key)) channel[key] = value;
    else if (imageKeys.has(key) || key === "tests") image[key] = value;
    else factory[key] = value;
  }
  if (Object.keys(gate).length > 0) image.gate = { ...example.images["al2023-base"]?.gate, ...gate };
  if (Object.keys(channel).length > 0) image.channels = [channel];
  if (Object.keys(image).length > 0) images["al2023-base"] = image;
  const merged = Object.entries(images).map(([name, fields]) => [name, imageWith(name, fields)]);
  return { ...example, ...factory, images: { ...example.images, ...Object.fromEntries(merged) } };
}

/**
 * Why a snippet is invalid in `factory.config.ts`; undefined if it is valid. What a piece refers to is in the rest of a
 * config, so that only a whole one is checked for that.
 */
async function configFault(code: string): Promise<string | undefined> {
  try {
    if (/^export default defineFactory\(/m.test(code)) {
      const whole = code.replace(/^import .*$/gm, "").replace("export default defineFactory(", "(");
      defineFactory((await evaluate(whole, surroundings)) as FactoryInput);
      return undefined;
    }
    const piece = (await evaluate(`({${code}\n})`, surroundings)) as Fields;
    const { input, faults } = renameKeys(exampleWith(piece) as unknown as FactoryInput, renamedKeys);
    const { error } = factorySchema.safeParse(input, { reportInput: true });
    return (
      [...faults, ...(error?.issues ?? []).flatMap((issue) => describeIssue(issue, factorySchema))].join("; ") ||
      undefined
    );
  } catch (error) {
    return String(error);
  }
}

/** Why a snippet is not TypeScript or JavaScript; undefined where it is. */
const syntaxFault = (code: string, loader: "ts" | "js"): Promise<string | undefined> =>
  transform(code, { loader, target: "es2024" }).then(
    () => undefined,
    (error) => String(error),
  );

const all = pages();
const blocks = (...languages: string[]): Block[] =>
  all.flatMap((page) => page.blocks).filter(({ language }) => languages.includes(language));

/** Faults of blocks, each with the place of the block. */
async function faultsOf(
  some: readonly Block[],
  find: (block: Block) => Promise<string | undefined> | string | undefined,
): Promise<string[]> {
  const found: string[] = [];
  for (const block of some) {
    const one = await find(block);
    if (one) found.push(`${block.page}:${block.line}: ${one}`);
  }
  return found;
}

test("every amint and npm command in a shell block exists", async () => {
  const shell = blocks("sh", "bash", "console");

  const faults = await faultsOf(shell, async ({ code, language }) => {
    const typed = language === "console" ? code.replace(/^(?!\$ ).*$/gm, "").replace(/^\$ /gm, "") : code;
    for (const words of commandsIn(typed)) {
      const wrong = await fault(words);
      if (wrong) return `${words.join(" ")}: ${wrong}`;
    }
    return undefined;
  });

  expect(shell.length).toBeGreaterThan(50);
  expect(faults).toEqual([]);
});

test("every command and option mentioned in a sentence exists", async () => {
  const faults: string[] = [];
  let mentions = 0;
  for (const { path, prose } of all) {
    for (const { number, text } of prose) {
      for (const [, mention = ""] of text.matchAll(/`(?:npx )?amint ([a-z][^`]*)`/g)) {
        mentions++;
        const wrong = await mentionFault(mention);
        if (wrong) faults.push(`${path}:${number}: ${wrong}`);
      }
    }
  }

  expect(mentions).toBeGreaterThan(100);
  expect(faults).toEqual([]);
  expect(await mentionFault("revok <build>")).toContain("revok");
  expect(await mentionFault("rollback <image> --too")).toContain("--too");
});

test("forbidden commands in a block are found", async () => {
  const typed = [
    "npx amint rollbak x y",
    "X=1 amint channels --nonsense a # b",
    'npm run nothing && npm start > "a b"',
    'echo "$(amint zz)"',
  ].join("\n");
  const faults: boolean[] = [];
  for (const words of commandsIn(typed)) faults.push((await fault(words)) !== undefined);

  expect(faults).toEqual([true, true, true, false, true, false]);
});

/** Statements are of a program; a piece of a config is some keys, or all of it. */
const isProgram = (code: string): boolean =>
  /^(?:import|export const|const|await) /m.test(code) && !code.includes("defineFactory(");

test("every config snippet in a page is valid", async () => {
  const typescript = blocks("ts", "typescript");

  const faults = await faultsOf(typescript, ({ code }) =>
    isProgram(code) ? syntaxFault(code, "ts") : configFault(code),
  );

  expect(typescript.length).toBeGreaterThan(10);
  expect(faults).toEqual([]);
});

test.each([
  ["an unknown key", "triggers: { schedul: 1 },", "triggers.schedul"],
  ["a wrong value", 'retention: { keep: "many" },', "retention.keep"],
  ["half an object", "triggers: {", "ERROR"],
])("%s in a piece of a config is found", async (_, code, said) => {
  expect(await configFault(code)).toContain(said);
});

test("JavaScript, JSON and YAML in pages parse", async () => {
  const faults = await faultsOf(blocks("js", "json", "yaml", "yml"), ({ language, code }) => {
    if (language === "js") return syntaxFault(code, "js");
    if (language !== "json") return parseAllDocuments(code).flatMap(({ errors }) => errors.map(String))[0];
    try {
      JSON.parse(code);
      return undefined;
    } catch (error) {
      return String(error);
    }
  });

  expect(faults).toEqual([]);
});

test("HCL in pages is formatted", { tags: "needs/terraform" }, async () => {
  expect(await faultsOf(blocks("hcl"), ({ code }) => hclErrors(`${code}\n`))).toEqual([]);
});

/** What is wrong with a link of a page; undefined where nothing is. */
function linkFault(page: Page, target: string): string | undefined {
  const [file = "", anchor] = target.split("#");
  const path = file === "" ? page.path : normalize(join(dirname(page.path), decodeURIComponent(file)));
  if (!existsSync(path)) return `${path} does not exist`;
  if (!anchor) return undefined;
  if (statSync(path).isDirectory() || !path.endsWith(".md")) return undefined;
  return anchors(readPage(path)).has(anchor) ? undefined : `${path} has no heading #${anchor}`;
}

test("every relative link of a page leads to an existing file and heading", () => {
  const faults = all.flatMap((page) =>
    links(page).flatMap(({ number, target }) => {
      const wrong = linkFault(page, target);
      return wrong ? [`${page.path}:${number}: ${wrong}`] : [];
    }),
  );

  expect(all.flatMap(links).length).toBeGreaterThan(100);
  expect(faults).toEqual([]);
});

test("a link to a missing heading is found", () => {
  const page = readPage("docs/x.md", "# One, *two*\n\n## One two\n[a](#one-two-1) [b](#one) [c](missing.md)\n");

  expect(links(page).map(({ target }) => linkFault({ ...page, path: "README.md" }, target))).toEqual([
    "README.md has no heading #one-two-1",
    "README.md has no heading #one",
    "missing.md does not exist",
  ]);
  expect([...anchors(page)]).toEqual(["one-two", "one-two-1"]);
});

test("no line of docs, README.md, CONTRIBUTING.md and SECURITY.md is longer than 120 columns, but for tables and links", () => {
  const long = all
    .filter(({ path }) => !path.startsWith("packages/"))
    .flatMap(({ path, prose }) =>
      prose
        .filter(({ text }) => text.length > 120 && !/^\s*\|/.test(text) && !/\]\(|https?:\/\//.test(text))
        .map(({ number }) => `${path}:${number}`),
    );

  expect(long).toEqual([]);
});
