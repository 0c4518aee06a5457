import type { Command, Option } from "commander";
import type { Factory } from "../../../core/factory/factory-schema.ts";
import { loadFactory } from "../load-factory.ts";

interface Completion {
  readonly word: string;
  readonly description: string;
}

export type LoadFor = (words: readonly string[]) => Promise<Command>;

/** What is on the line before the word that is being typed. */
interface Line {
  readonly program: Command;
  readonly command: Command;
  /** The command's arguments so far. */
  readonly given: readonly string[];
  /** The option whose value is being typed. */
  readonly pending: Option | undefined;
  readonly config: string | undefined;
}

/**
 * Completions of the last word; none if a file, a text or a number is expected.
 * @param words after `amint`; the last one is being typed and can be empty
 * @param load loads the program, with the command that these words name
 */
export async function complete(words: readonly string[], load: LoadFor): Promise<readonly Completion[]> {
  const joined = withoutEquals(words);
  const line = readLine(await load(joined.slice(0, -1)), joined.slice(0, -1));
  const typed = joined.at(-1) ?? "";
  const [, flag = "", value] = /^(--[\w-]+)=(.*)$/s.exec(typed) ?? [];
  if (value !== undefined) {
    const found = starting(await ofOption(optionNamed(line, flag), line), value);
    return found.map((one) => ({ ...one, word: `${flag}=${one.word}` }));
  }
  return starting(await expected(line, typed), typed);
}

/** Bash splits `--image=al` into three words. */
function withoutEquals(words: readonly string[]): readonly string[] {
  const kept = words.filter((word, n) => word !== "=" || !words[n - 1]?.startsWith("--"));
  return words.length > 1 && words.at(-1) === "=" ? [...kept, ""] : kept;
}

const starting = (all: readonly Completion[], typed: string): readonly Completion[] =>
  all.filter(({ word }) => word.startsWith(typed));

function readLine(program: Command, words: readonly string[]): Line {
  let line: Line = { program, command: program, given: [], pending: undefined, config: undefined };
  for (const word of words) line = readWord(line, word);
  return line;
}

function readWord(line: Line, word: string): Line {
  const { command, given, pending } = line;
  if (pending) return { ...line, pending: undefined, ...(pending.long === "--config" && { config: word }) };
  if (word.startsWith("-")) {
    const option = optionNamed(line, word);
    return option?.required ? { ...line, pending: option } : line;
  }
  const next = command.commands.find((one) => one.name() === word);
  return next ? { ...line, command: next } : { ...line, given: [...given, word] };
}

const optionNamed = ({ program, command }: Line, flag: string): Option | undefined =>
  [...command.options, ...program.options].find(({ long, short }) => flag === long || flag === short);

async function expected(line: Line, typed: string): Promise<readonly Completion[]> {
  const { program, command, given, pending } = line;
  if (pending) return ofOption(pending, line);
  if (typed.startsWith("-")) {
    return [...new Set([...command.options, ...program.options])].map(({ long, short, description }) => ({
      word: long ?? short ?? "",
      description,
    }));
  }
  if (command.commands.length > 0) {
    return command.commands.map((one) => ({ word: one.name(), description: one.summary() || one.description() }));
  }
  const argument = command.registeredArguments[given.length];
  return argument ? (choicesOf(argument) ?? valuesOf(argument.name(), line)) : [];
}

function ofOption(option: Option | undefined, line: Line): readonly Completion[] | Promise<readonly Completion[]> {
  if (!option) return [];
  // Other commands' --until is a date.
  const name = option.flags.includes("<place>") ? "place" : option.attributeName();
  return choicesOf(option) ?? valuesOf(name, line);
}

const choicesOf = ({ argChoices }: { readonly argChoices?: readonly string[] }): readonly Completion[] | undefined =>
  argChoices?.map((word) => ({ word, description: "" }));

/** Values by the name of an argument or an option. */
async function valuesOf(name: string, { given, config }: Line): Promise<readonly Completion[]> {
  switch (name) {
    case "image":
    case "build":
    case "what":
      return imagesOf(await loadFactory(config));
    case "channel":
      return channelsOf(await loadFactory(config), given[0]);
    case "place":
      return [{ word: "available", description: "" }, ...channelsOf(await loadFactory(config), given[0])];
    case "region":
      return (await loadFactory(config)).regions.map((word) => ({ word, description: "" }));
    default:
      return [];
  }
}

const imagesOf = ({ images }: Factory): readonly Completion[] =>
  Object.entries(images).map(([word, { os, architecture }]) => ({ word, description: `${os} ${architecture}` }));

/** An image's channels; without an image, those of all images. */
function channelsOf({ images }: Factory, image: string | undefined): readonly Completion[] {
  const known = image === undefined ? undefined : images[image];
  const some = known ? [known] : Object.values(images);
  const names = new Set(some.flatMap(({ channels }) => channels.map(({ name }) => name)));
  return [...names].map((word) => ({ word, description: "" }));
}
