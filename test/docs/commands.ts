import { readFileSync } from "node:fs";
import { type Command, CommanderError } from "commander";
import { loadProgram } from "../../cli/command/program.ts";

/** Simple commands of a shell's text, each as its words. Quotes are removed; what a substitution runs is a command of its own. */
export function commandsIn(shell: string): string[][] {
  const reader: Reader = { text: shell.replace(/\\\n/g, " "), at: 0, commands: [] };
  readCommands(reader, "");
  return reader.commands.map(withoutRedirects).filter(({ length }) => length > 0);
}

interface Reader {
  readonly text: string;
  at: number;
  readonly commands: string[][];
}

/** Up to the end of the text, or of the substitution that began before. */
function readCommands(reader: Reader, end: "" | ")"): void {
  let words: string[] = [];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) words.push(word);
    word = undefined;
  };
  const endCommand = () => {
    endWord();
    if (words.length > 0) reader.commands.push(words);
    words = [];
  };
  for (; reader.at < reader.text.length; reader.at++) {
    const char = reader.text[reader.at] ?? "";
    if (char === end) break;
    if (char === "'" || char === '"' || reader.text.startsWith("$(", reader.at))
      word = (word ?? "") + readQuoted(reader);
    else if (char === "#" && word === undefined) skipComment(reader);
    else if (/[\n;|&]/.test(char)) endCommand();
    else if (/\s/.test(char)) endWord();
    else word = (word ?? "") + char;
  }
  endCommand();
}

/** A string in quotes, or a substitution, whose value is not known here. The reader stands at its last character then. */
function readQuoted(reader: Reader): string {
  const from = reader.at;
  const quote = reader.text[from];
  if (quote === "$") {
    reader.at += 2;
    readCommands(reader, ")");
    return "substituted";
  }
  let inside = "";
  for (reader.at++; reader.at < reader.text.length && reader.text[reader.at] !== quote; reader.at++) {
    if (quote === '"' && reader.text.startsWith("$(", reader.at)) inside += readQuoted(reader);
    else inside += reader.text[reader.at];
  }
  if (reader.at >= reader.text.length) throw new Error(`a quote is not closed: ${reader.text.slice(from, from + 40)}`);
  return inside;
}

function skipComment(reader: Reader): void {
  const end = reader.text.indexOf("\n", reader.at);
  reader.at = (end < 0 ? reader.text.length : end) - 1;
}

/** Without assignments before it, and without `> file`; `<image>` is a word. */
function withoutRedirects(words: readonly string[]): string[] {
  const first = words.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word));
  const command = first < 0 ? [] : words.slice(first);
  const end = command.findIndex((word) => /^\d?(?:>{1,2}|<{1,2})/.test(word) && !/^<[^<>]+>$/.test(word));
  return end < 0 ? command : command.slice(0, end);
}

const scriptsOf = (file: string): string[] => Object.keys(JSON.parse(readFileSync(file, "utf8")).scripts ?? {});
const scripts = new Set(["package.json", "packages/create-amint/template/package.json"].flatMap(scriptsOf));

/** npm's own commands that the pages use. */
const NPM = new Set([
  "ci",
  "create",
  "exec",
  "install",
  "pack",
  "publish",
  "update",
  "outdated",
  "init",
  "view",
  "audit",
]);

/** What is wrong with a command; undefined where nothing is, or where it is not a command of the project. */
export async function fault(words: readonly string[]): Promise<string | undefined> {
  const [name = "", ...args] = words[0] === "npx" ? words.slice(1) : words;
  if (name === "amint") return amintFault(args);
  if (name !== "npm") return undefined;
  const [command = "", script = ""] = args.filter((one) => !one.startsWith("-"));
  if (command === "run") return scripts.has(script) ? undefined : `npm has no script "${script}"`;
  return NPM.has(command) || scripts.has(command) ? undefined : `npm has no command or script "${command}"`;
}

let output = "";
const keep = (text: string): void => {
  output += text;
};

/** The real program, of which no command does anything. */
const idleProgram = await loadProgram(undefined, { all: true });
makeIdle(idleProgram);

function makeIdle(command: Command): void {
  command.exitOverride().configureOutput({ writeOut: keep, writeErr: keep, outputError: keep });
  if (command.commands.length === 0) command.action(() => {});
  command.commands.forEach(makeIdle);
}

async function amintFault(args: readonly string[]): Promise<string | undefined> {
  output = "";
  try {
    await idleProgram.parseAsync([...args], { from: "user" });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return undefined;
    return (output || String(error)).trim().split("\n")[0];
  }
}

/** What is wrong with a command that a sentence mentions, possibly without its arguments; undefined where nothing is. */
export async function mentionFault(mention: string): Promise<string | undefined> {
  const words = mention.split(/\s+/);
  let command = idleProgram;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (!next) break;
    command = next;
  }
  if (words[0] === "help") return undefined;
  if (command === idleProgram) return `amint has no command "${words[0]}"`;
  const known = new Set(["--help", ...[...command.options, ...idleProgram.options].map(({ long }) => long)]);
  const unknown = mention.match(/--[a-z][\w-]*/g)?.find((option) => !known.has(option));
  return unknown && `amint ${command.name()} has no option ${unknown}`;
}
