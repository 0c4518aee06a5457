import { describe, expect, test } from "vitest";
import { checkToeDocument } from "../../src/language/parse-document.ts";
import { checkPowerShell } from "../../src/language/powershell.ts";

test.each([
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of PowerShell
  "$x = @{ a = 1; b = 'two' }\n$y = @('a', 'b')\n\"$($x.a) and ${y}\"",
  "Get-Service |\n  Where-Object { $_.Status -eq 'Running' } |\n  foreach { $_.Name }",
  "@'\nit's a \"here\" string }\n'@ | Set-Content -Path C:\\a.txt",
  '$a = @"\n "quoted" $(Get-B "c") \'\n"@',
  "auditpol.exe /set /subcategory:'{0CCE9215-69AE-11D9-BED3-505054503030}' /success:enable",
  "Set-NetFirewallProfile -Profile Domain,Public,Private -Enabled True",
  "C:\\x\\y.exe /a /b:c --d=e",
  "switch -Regex ($a) { '^x' { 'y'; break } default { 'z' } }",
  "switch ($a) { done { 1 } }",
  "$x = if ($a) { 1 }\nelse { 2 }",
  "@{ if = 1; then = 2; try = 3 }",
  "if ($a) {\n  b\n}\n# a comment with ' and }\nelseif ($c) { d } else { e }",
  "try { a } catch [System.Net.WebException], [System.IO.IOException] { b } catch { c } finally { d }",
  "do { Start-Sleep 5 } until ((Get-Service A).Status -eq 'Running' -or $n++ -gt 10)",
  "function F { [CmdletBinding()] param([Parameter(Mandatory)][string]$A) begin { } process { } end { } }",
  'cmd.exe /c "echo hi" --% " ( {\nexit 0',
  '"a $(if ($x) { "b ""c""" } else { \'"\' }) d"',
  "Write-Host a#b `\n  'c' # '\n<# ' { #> exit 3010",
  "Write-Output \u2018typographic\u2019",
])("PowerShell begins to run %j", (script) => {
  expect(checkPowerShell(script)).toBeUndefined();
});

test.each([
  ["if ($a) { 'x'", "Missing closing '}' in statement block or type definition.", 8],
  ["$a = (1 + ", "Missing closing ')' in expression.", 5],
  ["Get-Date }", "Unexpected token '}' in expression or statement.", 9],
  ['$a = "b', 'The string is missing the terminator: ".', 5],
  ["Write-Output it's", "The string is missing the terminator: '.", 15],
  ['"$(1"', 'The string is missing the terminator: ".', 4],
  ["$a = @'x\n'@", "No characters are allowed after a here-string header but before the end of the line.", 5],
  ["$a = @'\nx\n  '@", "White space is not allowed before the string terminator.", 5],
  ["<# a", "The terminator '#>' is missing from the multiline comment.", 0],
  ["${a", "The braced variable is missing its closing '}'.", 0],
  ["if $a { }", "Missing '(' after 'if' in if statement.", 0],
  ["foreach ($x in 1)\n$x", "Missing statement block after foreach ( condition ).", 0],
  ["try { 1 }\nexit 0", "The Try statement is missing its Catch or Finally block.", 0],
  ["do { 1 }", "Missing while or until keyword in do loop.", 0],
  ["$a\nelse { 1 }", "'else' does not follow a block of 'if'.", 3],
  ["set -euo pipefail\nif [ -x a ]; then\n  b\nfi", "Missing '(' after 'if' in if statement.", 18],
  ["fi", "'fi' is a bash keyword, not a PowerShell keyword.", 0],
  ["(".repeat(10_000), "More than 200 nested brackets.", 199],
])("PowerShell refuses %j", (script, message, offset) => {
  expect(checkPowerShell(script)).toEqual({ message, offset });
});

const document = (...commands: readonly string[]): string => `schemaVersion: 1.0
phases:
  - name: build
    steps:
      - name: Script
        action: ExecutePowerShell
        inputs:
          commands:
${commands.map((one) => `            - |\n${one.replaceAll(/^/gm, "              ")}\n`).join("")}`;

describe("a document's PowerShell", () => {
  test("joins all commands to one script, and reports a fault at its line and column", () => {
    expect(checkToeDocument(document("if ($true) {", "exit 0\n}"), "Windows").faults).toEqual([]);
    expect(checkToeDocument(document("$a = 1\n$b = 2", "$c = 3\n$d = 'x"), "Windows").faults).toEqual([
      {
        line: 14,
        column: 20,
        message: `Parsing step 'Script' in phase 'build' failed. Error: PowerShell: The string is missing the terminator: '.`,
      },
    ]);
  });

  test("may have AWSTOE's references wherever a word may stand", () => {
    const text = `${document("$a = '{{ Name }}'\nif ({{ Name }}) { exit 0 }")}parameters:\n  - Name:\n      type: string\n`;

    expect(checkToeDocument(text, "Windows").faults).toEqual([]);
  });
});
