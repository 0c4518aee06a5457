import { Argument, Command } from "commander";
import { refuse } from "../global-options.ts";
import { printFound } from "../print.ts";
import { complete, type LoadFor } from "./complete.ts";

/** Each script calls `amint __complete <words>`, which prints `<word>\t<description>` lines; without any, files are completed. */
export const scripts = {
  bash: `_amint() {
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}") line
  COMPREPLY=()
  while IFS= read -r line; do
    COMPREPLY+=("\${line%%$'\\t'*}")
  done < <(amint __complete "\${words[@]}" 2>/dev/null)
}
complete -o default -F _amint amint`,
  zsh: `#compdef amint
_amint() {
  local -a found
  local line
  while IFS= read -r line; do
    found+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(amint __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#found} )); then
    _describe 'amint' found
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == _amint ]]; then
  _amint "$@"
else
  compdef _amint amint
fi`,
  fish: `function __amint_complete
  set -l words (commandline -opc) (commandline -ct)
  set -l found (amint __complete $words[2..-1] 2>/dev/null)
  if set -q found[1]
    printf '%s\\n' $found
  else
    __fish_complete_path (commandline -ct)
  end
end
complete -c amint -f -a '(__amint_complete)'`,
} as const;

export type Shell = keyof typeof scripts;

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
