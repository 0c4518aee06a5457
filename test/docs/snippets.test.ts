import { existsSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import { commandsIn, fault, mentionFault } from "./commands.ts";
import { configFault, syntaxFault } from "./config-snippet.ts";
import { hclErrors } from "./hcl.ts";
import { anchors, type Block, links, type Page, pages, readPage } from "./markdown.ts";

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
