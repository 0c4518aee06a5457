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
