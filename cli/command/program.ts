import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { Command, CommanderError, type Help, InvalidArgumentError } from "commander";
import { commands } from "./commands.ts";
import { endInOneLine, reportFailure, type Shown, showFailure, shownBy } from "./end-process.ts";
import { examples } from "./examples.ts";
import { applyGlobals, globalOptions } from "./global-options.ts";
import { loadFactory } from "./load-factory.ts";

/**
 * An unknown command or option, a missing argument, an invalid value: EX_USAGE of sysexits.h, because 2 to 7 are outcomes of
 * `amint build` and `amint preflight`.
 */
const USAGE = 64;

/** The command that `argv` names, also after `help`. Values of global options are not names. */
function commandNamed(argv: readonly string[]): string | undefined {
  const takesValue = new Set(
    globalOptions()
      .filter(({ required }) => required)
      .map(({ long }) => long),
  );
  const names = argv.filter((one, n) => !one.startsWith("-") && !takesValue.has(argv[n - 1] ?? ""));
  return names[0] === "help" ? names[1] : names[0];
}

/**
 * The program with the named command; the others are only listed.
 * @param all loads every command
 */
export async function loadProgram(
  name: string | undefined,
  { all = false, shown = { debug: false, json: false } } = {},
): Promise<Command> {
  const program = new Command("amint")
    .description("A golden AMI factory for AWS Organizations, on EC2 Image Builder.")
    .usage("<command> [options]");
  for (const option of globalOptions()) program.addOption(option.helpGroup("Global Options:"));
  program
    .optionsGroup("Global Options:")
    .version(version(), "--version", "print the version")
    .helpOption("-h, --help", "print help");
  for (const [one, { heading, summary, load }] of commands) {
    const command = all || one === name ? await load() : new Command(one);
    program.addCommand(command.helpGroup(heading).summary(summary));
  }
  program.commandsGroup("This program:").helpCommand("help [command]", "print a command's help");
  prepare(program, [], shown);
  return program.hook("preAction", (_, command) => applyGlobals(program, command));
}

function version(): string {
  const file = findPackageJSON(import.meta.url);
  return file ? (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version : "unknown";
}

/** Environment variables that commands set; they are restored after each run. */
const SET = [
  "AMINT_CONFIG",
  "AWS_ENDPOINT_URL",
  "AWS_PROFILE",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "NO_COLOR",
  "FORCE_COLOR",
  "COMPONENT_RUNNER_CACHE",
];

/** Runs the command that `argv` names. Sets `process.exitCode`; docs/command-line.md lists the codes. */
export async function run(argv: readonly string[]): Promise<void> {
  const before = SET.map((name) => [name, process.env[name]] as const);
  const shown = shownBy(argv);
  try {
    const program = await loadProgram(commandNamed(argv), { shown });
    // Commander's own `help` shows the group's help for a command of a group.
    const asked = argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
    await program.parseAsync(asked, { from: "user" });
  } catch (error) {
    // explainFailure reads the endpoint from the environment.
    await fail(error, argv, shown);
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  }
}

async function fail(error: unknown, argv: readonly string[], shown: Shown): Promise<void> {
  if (error instanceof CommanderError) {
    if (error instanceof InvalidArgumentError) {
      const hint = `\`amint ${commandNamed(argv)} --help\` lists arguments and options`;
      showFailure(wrongUsage(`${error.message}\nfix: ${hint}`), shown);
    }
    if (error.code === "commander.help" && shown.json) {
      showFailure(wrongUsage("A command is missing.\nfix: `amint --help` lists the commands"), shown);
    }
    process.exitCode = error.exitCode && USAGE;
    return;
  }
  // A command's file can import the config itself; then Node's error does not contain the place of a syntax error.
  const located =
    error instanceof SyntaxError
      ? await loadFactory().then(
          () => error,
          (cause) => cause,
        )
      : error;
  reportFailure(located, shown);
}

const wrongUsage = (message: string) => ({ name: "WrongUsage", message, exitCode: USAGE });

const GRACE_MS = 1_000;

/** Runs the command as the process's main program. */
export async function start(): Promise<void> {
  const argv = process.argv.slice(2);
  endInOneLine(shownBy(argv));
  // Called by the scripts of `amint completion`.
  if (argv[0] === "__complete") {
    const { printCompletions } = await import("./completion/completion.ts");
    await printCompletions(argv.slice(1), (words) => loadProgram(commandNamed(words)));
  } else await run(argv);
  // Timers and connections of the config do not keep a failed command running.
  if (process.exitCode) setTimeout(() => process.exit(), GRACE_MS).unref();
}

/** Lists subcommands by name only; their arguments and options are in their own help. */
const help: Partial<Help> = { subcommandTerm: (command) => command.name(), showGlobalOptions: true };

/**
 * Help with examples, and errors in one message that names the command and its help.
 * @param path the command's names, without `amint`
 */
function prepare(command: Command, path: readonly string[], shown: Shown): void {
  const named = path.join(" ");
  command
    .exitOverride()
    .configureHelp(path.length > 0 ? help : { ...help, showGlobalOptions: false })
    .configureOutput({
      outputError: (text) => {
        const what = text
          .trim()
          .replace(/^error:/, named && `${named}:`)
          .trim();
        const hint = `\`${["amint", ...path].join(" ")} --help\` lists arguments and options`;
        showFailure(wrongUsage(`${what}\nfix: ${hint}`), shown);
      },
      // The help that commander prints where a command is missing.
      ...(shown.json && { writeErr: () => undefined }),
    });
  // A group shows one example of each of its commands.
  const lines = examples[named] ?? command.commands.flatMap((one) => examples[`${named} ${one.name()}`]?.[0] ?? []);
  if (lines.length > 0) {
    command.addHelpText("after", ["", "Examples:", ...lines.map((example) => `  $ ${example}`)].join("\n"));
  }
  for (const one of command.commands) prepare(one, [...path, one.name()], shown);
}
