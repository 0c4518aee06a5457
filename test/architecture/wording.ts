// Lists lines with words that the project does not use: `node test/architecture/wording.ts [folder or file...]`.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

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

export interface Kept {
  readonly file: string;
  /** Part of the line. */
  readonly text: string;
  readonly why: string;
}

/** Lines that keep such a word, each for a reason. */
export const kept: readonly Kept[] = [
  { file: "test/component/machine.ts", text: "units+=", why: "systemd's units, in a shell script" },
  {
    file: "packages/component-runner/test/run/steps.test.ts",
    text: "nobody:nogroup",
    why: "a user and a group of Debian",
  },
];

export interface Found {
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
export function findWords(under: readonly string[] = [], excusing = kept): readonly Found[] {
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
