// Lists lines with words that the project does not use: `node test/architecture/wording.ts [folder or file...]`.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { benchmarks } from "../../bench/run/table.ts";
import { importsOf, type SourceFile, sourceFiles } from "./source-files.ts";

interface Word {
  readonly pattern: RegExp;
  /** What to write instead. */
  readonly instead: string;
}

/** Words that read as translated, or that are not the term of AWS or of the glossary. Identifiers and event names are no prose. */
const words: readonly Word[] = [
  {
    pattern: /\b(?:is|are|was|were|be|been|being|gets?) told\b|\btold (?:of|to|about|by|that|once)\b/i,
    instead: "is notified, is reported",
  },
  { pattern: /\btells? (?:people|them|of|who\w*|somebody|nobody)\b/i, instead: "notifies, reports" },
  {
    pattern: /(?<![.{"`$] ?)(?<!config's )\bpeople\b(?![?:.\]"`]| [=}]|, [a-z]+ })/i,
    instead: "users, approvers, the team, readers: name the role",
  },
  // `nobody` is also a user of every Unix.
  {
    pattern: /(?<!-u |su )\b(?:some|no|any|every)body\b(?!@)/i,
    instead: "name the role or the thing; no one; an account",
  },
  { pattern: /\bwho(?:so)?m?ever\b/i, instead: "the caller, the account that, anyone who" },
  { pattern: /\bthat which\b/i, instead: "what" },
  { pattern: /\b(?:is|are|was|were) no (?!longer\b)[a-z]+\b/i, instead: "is not a; has no; without" },
  { pattern: /\bmend(?:s|ed|ing)?\b/i, instead: "fix, fixed, repair" },
  { pattern: /\bcondemned\b(?![":])/i, instead: "pending retirement" },
  { pattern: /(?<!-|')\bwithdraw(?:n|s|ing|al)?\b(?![":])/i, instead: "unshared, revoked, removed" },
  { pattern: /\bgiv(?:es?|en|ing) back\b|\bgave back\b/i, instead: "restores, returns, releases" },
  { pattern: /\btak(?:es?|en|ing) back\b|\btook back\b/i, instead: "undoes, reverts" },
  { pattern: /\bheld no more\b/i, instead: "hold released" },
  { pattern: /\b(?:can|could|cannot|to) be had\b/i, instead: "usable, available, could not be pulled from" },
  { pattern: /\bcame to:/i, instead: "result:" },
  { pattern: /\b(?:decryptable|pullable)\b(?!")/i, instead: "launch and KMS dry run passed, pull passed" },
  { pattern: /(?<![.]|\w)suppressed\b(?![":])/i, instead: "ignored: below the threshold" },
  { pattern: /\beach with its reason\b/i, instead: "each justified" },
  { pattern: /\bnot be looked at\b/i, instead: "access denied" },
  { pattern: /\bnothing heard\b/i, instead: "missing data counts as OK" },
  { pattern: /\bhas died\b/i, instead: "crashed" },
  { pattern: /\bany more\b/i, instead: "no longer" },
  { pattern: /(?<!echo )\b(?:go|goes|went) on\b(?!\\n)/i, instead: "continues" },
  { pattern: /\b(?:lies?|stands?) in (?:the|an?|its|one|this)\b/i, instead: "is in" },
  {
    pattern: /\bthat (?:is|are) (?:not )?there\b|\bthat there (?:is|are)\b/i,
    instead: "existing; that does not exist",
  },
  { pattern: /\b(?:speaks?|says? nothing) of\b/i, instead: "mentions, describes, concerns" },
  { pattern: /\b(?:comes?|asks?|asked) of\b/i, instead: "results in; requests, requires" },
  { pattern: /\bunless said\b|\bcannot be meant\b/i, instead: "by default; invalid" },
  { pattern: /\b(?:after|of|for|in|when|past) so many\b/i, instead: "a number of" },
  { pattern: /\borganization's side\b/i, instead: "organization setup" },
  { pattern: /\bfail(?:s|ed)? of\b/i, instead: "fails because of, would be blocked by" },
  {
    pattern:
      /(?<![.\w-])(?<!(?:organizational|capacity|request|systemd|CPU|billing|of the largest|two largest) )\bunits?\b(?!["`:?.,)[\]}=]| [=}]|\.\w| ?\()/i,
    instead: "OU",
  },
];

interface Kept {
  readonly file: string;
  /** Part of the line. */
  readonly text: string;
  readonly why: string;
}

/** Lines that keep such a word, each for a reason. */
const kept: readonly Kept[] = [
  { file: "test/component/machine.ts", text: "units+=", why: "systemd's units, in a shell script" },
  {
    file: "packages/component-runner/test/run/steps.test.ts",
    text: "nobody:nogroup",
    why: "a user and a group of Debian",
  },
];

interface Found {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly instead: string;
}

/** This file, and the test that reads it, name the words. */
const OWN = /^test\/architecture\/wording\b|\/package-lock\.json$|\.json$/;

const CODE = /\.(?:ts|mjs)$/;

/** The part of a line that is prose: comments, and strings with spaces; in other files all but code spans. */
function proseOf(file: string, line: string): string {
  if (!CODE.test(file)) return line.replaceAll(/`[^`]*`/g, "");
  if (/^\s*(?:\/?\*|\/\/)/.test(line)) return line.replaceAll(/`[^`]*`/g, "");
  const strings = line.match(/"[^"]* [^"]*"|'[^']* [^']*'|`[^`]* [^`]*`?|(?<!:)\/\/ .*/g) ?? [];
  return strings.map((one) => one.replaceAll(/\$\{[^}]*\}/g, "")).join("\n");
}

/** @param under folders or files; without them the whole repository @param excusing lines that keep a word */
function findWords(under: readonly string[] = [], excusing = kept): readonly Found[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--", ...under], { encoding: "utf8", maxBuffer: 1e8 });
  return listed
    .split("\0")
    .filter((file) => /\.(?:ts|mjs|md|ya?ml|html|service)$/.test(file) && !OWN.test(file) && existsSync(file))
    .flatMap((file) =>
      readFileSync(file, "utf8")
        .split("\n")
        .flatMap((text, index) => {
          const prose = proseOf(file, text);
          const word = words.find(({ pattern }) => pattern.test(prose));
          const excused = excusing.some((one) => one.file === file && text.includes(one.text));
          return word && !excused ? [{ file, line: index + 1, text: text.trim(), instead: word.instead }] : [];
        }),
    );
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const found = findWords(process.argv.slice(2));
  for (const { file, line, text, instead } of found)
    process.stdout.write(`${file}:${line}: ${text}\n    -> ${instead}\n`);
  process.stdout.write(`${found.length} lines\n`);
}

const files = sourceFiles();

test("no source file is longer than 300 lines", () => {
  expect(
    files.filter(({ lines }) => lines.length > 301).map(({ path, lines }) => `${path}: ${lines.length - 1}`),
  ).toEqual([]);
});

test("file names are kebab-case", () => {
  const named = /^([a-z0-9]+(-[a-z0-9]+)*)(\.(test|config|d))*\.(ts|tsx|mjs)$/;
  const vague = /^(utils?|helpers?|common|manager|misc|index)\./;
  const names = files.map(({ path }) => ({ path, name: path.slice(path.lastIndexOf("/") + 1) }));
  expect(names.filter(({ name }) => !named.test(name) || vague.test(name)).map(({ path }) => path)).toEqual([]);
});

const sources = new Map(sourceFiles().map((file) => [file.path, file]));

/** A file, and the files of ours that it imports, directly or not. */
function reachedFrom(file: string, reached = new Map<string, SourceFile>()): Map<string, SourceFile> {
  const source = sources.get(file);
  if (!source || reached.has(file)) return reached;
  reached.set(file, source);
  for (const { target, ours } of importsOf(source)) if (ours) reachedFrom(target, reached);
  return reached;
}

/** Whether some input, or what is done, depends on `--short`. Reading the argument is not enough. */
const usesShort = ({ path, lines }: SourceFile): boolean =>
  /(^|\/)bench\//.test(path) &&
  !path.startsWith("bench/measure/") &&
  lines.some((line) => /\bsized\(|\bisShort\b/.test(line) && !/^(import|const isShort =)/.test(line));

test("npm run bench lists every file directly in a bench folder, but for the command itself", () => {
  const files = [...sources.keys()].filter((path) => /^(packages\/[\w-]+\/)?bench\/[\w-]+\.ts$/.test(path));

  const listed = Object.values(benchmarks).map(({ file }) => file);

  expect(listed.toSorted()).toEqual(files.filter((path) => path !== "bench/run.ts").toSorted());
});

test("every benchmark has a short form", () => {
  const without = Object.entries(benchmarks).filter(([, { file }]) => {
    const reached = [...reachedFrom(file).values()];
    return (
      !reached.some(({ lines }) => lines.join("\n").includes('process.argv.includes("--short")')) ||
      !reached.some(usesShort)
    );
  });

  expect(without.map(([name]) => name)).toEqual([]);
});

test("CI runs the short forms of all benchmarks", () => {
  expect(readFileSync(".ci/run", "utf8")).toMatch(/^step bench npm run bench -- --short$/m);
});

test("every line uses the terms of the glossary; `node test/architecture/wording.ts` says what to write instead", () => {
  expect(findWords()).toEqual([]);
});

test("at most twenty lines keep a listed word, each for a reason and each still there", () => {
  expect(kept.length).toBeLessThanOrEqual(20);
  expect(kept.filter(({ why }) => why.length < 10)).toEqual([]);
  expect(kept.filter((one) => !findWords([one.file], []).some(({ text }) => text.includes(one.text)))).toEqual([]);
});

const page = readFileSync("docs/architecture.md", "utf8");

/** The rows of the table under a heading, as their cells. */
function rowsUnder(heading: string): string[][] {
  const [, section = ""] = page.split(`\n## ${heading}\n`);
  const lines = section.split("\n## ")[0]?.split("\n") ?? [];
  return lines
    .filter((line) => line.startsWith("|"))
    .slice(2)
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

const quoted = (cell = ""): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

const nouns = rowsUnder("Nouns").flatMap(([noun]) => quoted(noun));
const layers = rowsUnder("Layers").flatMap(([layer]) => quoted(layer));
/** A layer's entries besides the nouns. */
const exceptions = Map.groupBy(rowsUnder("Beside the nouns"), ([layer]) => quoted(layer)[0] ?? "");

const besideNouns = (layer: string): string[] => (exceptions.get(layer) ?? []).flatMap(([, names]) => quoted(names));

/** `build.ts`, `build.test.ts` and `build/` are all `build`. */
const stem = (entry: string): string => entry.replace(/\..*$/, "");

test("the page lists nouns and layers", () => {
  expect(nouns).toContain("promotion");
  expect(nouns.length).toBeGreaterThan(15);
  expect(layers).toEqual(["events", "functions", "stacks", "core", "adapters", "cli", "test"]);
});

test.each(layers)("%s consists of the nouns, and of exceptions that the page justifies", (layer) => {
  const tested = layer === "test" ? besideNouns("cli") : [];
  const known = new Set([...nouns, ...[...besideNouns(layer), ...tested].map(stem)]);

  expect(readdirSync(layer).filter((entry) => !known.has(stem(entry)))).toEqual([]);
});

test.each(layers)("%s has at most five exceptions, and each exists", (layer) => {
  const there = new Set(readdirSync(layer).map(stem));

  expect(besideNouns(layer).length).toBeLessThanOrEqual(5);
  expect(besideNouns(layer).filter((name) => !there.has(stem(name)))).toEqual([]);
});

test("every noun is a folder or file in the tree", () => {
  const there = new Set(layers.flatMap((layer) => readdirSync(layer).map(stem)));

  expect(nouns.filter((noun) => !there.has(noun))).toEqual([]);
});
