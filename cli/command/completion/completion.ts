import { Argument, Command } from "commander";
import { refuse } from "../global-options.ts";
import { printFound } from "../print.ts";
import { complete, type LoadFor } from "./complete.ts";
import { type Shell, scripts } from "./scripts.ts";

const shells = Object.keys(scripts) as Shell[];

/** `amint completion <shell>`: a script that calls `amint __complete` at each Tab. */
export const completionCommand = (): Command =>
  refuse(
    new Command("completion")
      .description("print a script that completes commands, options, images and channels in the shell")
      .addArgument(new Argument("<shell>", "the shell that loads the script").choices(shells))
      .addHelpText(
        "after",
        `
bash: eval "$(amint completion bash)" in ~/.bashrc
zsh:  eval "$(amint completion zsh)" in ~/.zshrc, after compinit
fish: amint completion fish | source in ~/.config/fish/config.fish`,
      )
      .action((shell: Shell) => printFound(shell, (name) => scripts[name])),
    "json",
    "the command prints a script",
  );

/**
 * Prints completions for the words after `amint`, one a line with a tab before its description. The last word is the one
 * that is being typed.
 */
export async function printCompletions(words: readonly string[], load: LoadFor): Promise<void> {
  const found = await complete(words, load);
  if (found.length > 0) {
    printFound(found, (lines) => lines.map(({ word, description }) => `${word}\t${description}`));
  }
}
