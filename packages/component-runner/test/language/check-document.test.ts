import { describe, expect, test } from "vitest";
import type { ToePlatform } from "../../src/language/actions.ts";
import { checkToeDocument } from "../../src/language/parse-document.ts";

const of = (steps: string, before = "", phase = "build"): string =>
  `schemaVersion: 1.0\n${before}phases:\n  - name: ${phase}\n    steps:\n${steps.replaceAll(/^/gm, "      ")}\n`;

const step = (action: string, rest: string, name = "A"): string =>
  `- name: ${name}\n  action: ${action}\n${rest.replaceAll(/^/gm, "  ")}`;

const bash = (command: string, name = "A", more = ""): string =>
  step("ExecuteBash", `inputs:\n  commands:\n    - '${command}'${more && `\n${more}`}`, name);

const parameters = "parameters:\n  - Port: { type: string }\n";

/** As `line:column: message`. */
function found(text: string, platform: ToePlatform = "Linux") {
  const { faults, warnings } = checkToeDocument(text, platform);
  const lines = (list: typeof faults) => list.map(({ line, column, message }) => `${line}:${column}: ${message}`);
  return { faults: lines(faults), warnings: lines(warnings) };
}

test("every fault of a document is found in one pass, in order, each with line and column", () => {
  const { faults } = found(
    of(
      [
        bash("echo {{ Prot }}"),
        step("ExecuteBashh", "inputs: { commands: [ls] }", "B"),
        step("S3Upload", "onFailure: Retry\ninputs:\n  - source: /tmp/a", "C"),
      ].join("\n"),
      parameters,
    ),
  );

  expect(faults).toEqual([
    expect.stringMatching(/^11:21: .*'\{\{ Prot \}\}' is not a parameter or constant; the document declares Port\.$/),
    expect.stringMatching(/^13:17: .*Unsupported action ExecuteBashh for os platform linux\.$/),
    expect.stringMatching(/^17:20: .*Invalid onFailure 'Retry'; use one of Abort, Continue, Ignore\.$/),
    expect.stringMatching(/^19:13: .*Action S3Upload requires the input 'destination'\.$/),
  ]);
});

describe("Documented, and accepted without a word:", () => {
  test.each([
    ["binaryExists", of(bash("ls", "A", "if:\n  binaryExists: unzip"))],
    ["the hash of a file", of(bash("ls", "A", "if:\n  fileSHA256Equals: ab12\n  path: /tmp/a"))],
    ["'not' with a mapping", of(bash("ls", "A", "if: { not: { fileExists: /a } }"))],
    ["disableLogging", of(bash("ls", "A", "disableLogging: true"))],
    ["forEach.list without delimiter", of(bash("{{ loop.value }}", "A", "loop: { forEach: { list: 'a,b' } }"))],
    ["AppendFile without content", of(step("AppendFile", "inputs: [{ path: /a }]"))],
    ["UpdateOS without inputs", of(step("UpdateOS", "timeoutSeconds: 60"))],
    ["SSM parameters", of(bash("{{ aws:ssm:/a/b }} {{ aws:ssm:resolve(Port) }}"), parameters)],
    ["an encoding in other case", of(step("ReadFile", "inputs: [{ path: /a, encoding: UTF-16-le }]"))],
    [
      "outputs of every module",
      of(
        [
          step("ReadFile", "inputs: [{ path: /a }]", "R"),
          step("ListFiles", "inputs: [{ path: /a }]", "L"),
          step("WebDownload", "inputs: [{ source: 'https://a/b', destination: /b }]", "W"),
          bash("{{ build.R.outputs.content }} {{ build.L.outputs.files }} {{ build.W.outputs[0].destination }}"),
        ].join("\n"),
      ),
    ],
  ])("%s", (_what, text) => {
    expect(found(text)).toEqual({ faults: [], warnings: [] });
  });
});

describe("Documented in two ways, accepted with a warning:", () => {
  test.each([
    ["'not' with a list", of(bash("ls", "A", "if: { not: [{ fileExists: /a }] }")), "shows 'not' with a list"],
    ["'if' with a list", of(bash("ls", "A", "if: [{ fileExists: /a }]")), "shows 'if' with a list"],
    ["a phase of another name", of(bash("ls"), "", "verify"), "does not run a phase 'verify'"],
    [
      "no phase that Image Builder needs",
      of(bash("ls"), "", "container-host-test"),
      "at least one of the phases build, validate",
    ],
    [
      "patterns of one case",
      of(bash("ls", "A", "if: { patternMatches: '^[a-z]+$', value: ab }")),
      "contradicts itself on whether patternMatches ignores case",
    ],
  ])("%s", (_what, text, warning) => {
    const { faults, warnings } = found(text);

    expect(faults).toEqual([]);
    expect(warnings).toContainEqual(expect.stringContaining(warning));
  });
});

describe("Warned of:", () => {
  test.each([
    ["an input that the module does not have", step("CopyFile", "inputs: [{ source: /a, destination: /b, mode: 1 }]")],
    ["a number where text is expected", step("SetFilePermissions", "inputs: [{ path: /a, permissions: 0755 }]")],
    ["a loop's variable without the loop", bash("{{ loop.value }}")],
    ["another program's template", bash("docker ps --format {{ .Names }}")],
    ["'value' of stringIsEmpty", bash("ls", "A", "if: { stringIsEmpty: '', value: a }")],
    ["an alias of YAML", `${bash("ls", "A", "if: &x { fileExists: /a }")}\n${bash("ls", "B", "if: *x")}`],
  ])("%s", (_what, steps) => {
    const { faults, warnings } = found(of(steps));

    expect(faults).toEqual([]);
    expect(warnings).toEqual([expect.any(String)]);
  });

  test("a parameter that no step uses", () => {
    expect(found(of(bash("ls"), parameters))).toEqual({
      faults: [],
      warnings: ["3:5: No step uses 'Port' of the document's parameters."],
    });
  });
});

describe("Refused, with what would be valid:", () => {
  test.each([
    ["packageInstalled", bash("ls", "A", "if: { packageInstalled: nginx }"), "Unknown operator 'packageInstalled'"],
    ["a comparison without value", bash("ls", "A", "if: { stringEquals: a }"), "requires a 'value'"],
    ["a hash without path", bash("ls", "A", "if: { fileMD5Equals: ab }"), "requires the 'path' of a file"],
    ["a number that is none", bash("ls", "A", "if: { numberEquals: a10, value: 1 }"), "'a10' is not one"],
    [
      "a pattern that RE2 lacks",
      bash("ls", "A", "if: { patternMatches: 'a(?=b)', value: a }"),
      "not a valid RE2 pattern",
    ],
    [
      "five levels of comparisons",
      bash("ls", "A", "if: { not: { not: { not: { not: { fileExists: /a } } } } }"),
      "must not nest more than 4 deep",
    ],
    ["another branch", bash("ls", "A", "if: { fileExists: /a, then: Run }"), "use one of Execute, Skip, Abort"],
    ["a loop that never ends", bash("ls", "A", "loop: { for: { start: 1, end: 5, updateBy: 0 } }"), "must not be 0"],
    ["a loop away from its end", bash("ls", "A", "loop: { for: { start: 1, end: 5, updateBy: -1 } }"), "never reaches"],
    ["'stop' of a loop", bash("ls", "A", "loop: { for: { start: 1, stop: 5, updateBy: 1 } }"), "Unknown field 'stop'"],
    ["a long delimiter", bash("ls", "A", "loop: { forEach: { list: a, delimiter: '::' } }"), "one of these characters"],
    ["an unknown field of a mapping of commands", step("ExecuteBash", "inputs: { commands: ls }"), "must be a list"],
    [
      "a command that YAML reads as a mapping",
      step("ExecuteBash", "inputs:\n  commands:\n    - echo a: b"),
      "YAML reads text with ': ' as a mapping",
    ],
    ["a flag that is text", step("DeleteFolder", "inputs: [{ path: /a, force: maybe }]"), "must be true or false"],
    [
      "a checksum without algorithm",
      step("WebDownload", "inputs: [{ source: 'https://a', destination: /a, checksum: ab }]"),
      "'checksum' and 'algorithm' only together",
    ],
    [
      "an unknown algorithm",
      step("WebDownload", "inputs: [{ source: 'https://a', destination: /a, checksum: ab, algorithm: CRC }]"),
      "use one of MD5, SHA1, SHA256, SHA512",
    ],
    [
      "a time limit of ExecuteDocument",
      step("ExecuteDocument", "timeoutSeconds: 60\ninputs: { document: a.yaml }"),
      "leave out timeoutSeconds",
    ],
    ["a delay that is not a number", step("Reboot", "inputs: { delaySeconds: soon }"), "a whole number"],
    ["disableLogging that is text", bash("ls", "A", "disableLogging: 'yes'"), "must be true or false"],
    ["inputs that are a mapping", step("S3Download", "inputs: { source: a, destination: b }"), "must be a list"],
    ["a step that is text", "- ls", "Each step of phase 'build' must be a mapping."],
  ])("%s", (_what, steps, message) => {
    expect(found(of(steps)).faults).toContainEqual(expect.stringContaining(message));
  });

  test.each([
    [
      "ExecutePowerShell",
      "inputs: { commands: [dir], file: a.ps1 }",
      "exactly one of the inputs 'commands' and 'file'",
    ],
    ["SetRegistry", "inputs: [{ path: 'HKLM:\\a', name: b, value: 1, type: INT }]", "use one of BINARY, DWORD"],
    ["InstallMSI", "inputs: { path: a.msi, reboot: Never }", "use one of Allow, Force, Skip"],
    ["CreateFile", "inputs: [{ path: a, owner: root }]", "does not support the input 'owner' on Windows"],
  ])("inputs of %s on Windows: %s", (action, inputs, message) => {
    expect(found(of(step(action, inputs)), "Windows").faults).toContainEqual(expect.stringContaining(message));
  });

  test("Reboot on macOS", () => {
    expect(found(of(step("Reboot", "")), "macOS").faults).toContainEqual(
      expect.stringContaining("Unsupported action Reboot for os platform macos."),
    );
  });

  test.each([
    ["two documents", `${of(bash("ls"))}---\na: 1\n`, "10:1:", "one YAML document"],
    ["a key twice", "schemaVersion: 1.0\nschemaVersion: 1.0\n", "2:1:", "'schemaVersion' appears more than once"],
    ["tabs", "schemaVersion: 1.0\nphases:\n\t- name: build\n", "3:", "Use spaces"],
    [
      "a text that begins with *",
      of(step("ListFiles", "inputs:\n  - path: /a\n    fileNamePattern: *log")),
      "9:30:",
      "Quote a text that begins with *",
    ],
    ["an unquoted reference", of(step("ReadFile", "inputs:\n  - path: {{ Port }}"), parameters), "10:19:", "Quote"],
    [
      "an unquoted path",
      of(step("ReadFile", "inputs:\n  - path: {{ Port }}/a"), parameters),
      "10:29:",
      "Quote a value",
    ],
  ])("%s", (_what, text, place, message) => {
    const { faults } = found(text);

    expect(faults).toEqual([expect.stringContaining(message)]);
    expect(faults[0]?.startsWith(place), faults[0]).toBe(true);
  });
});

describe("A chaining expression", () => {
  const download = step("S3Download", "inputs:\n  - source: s3://a/b\n    destination: /b", "Get");
  const testPhase = (command: string): string =>
    `  - name: test\n    steps:\n${bash(command).replaceAll(/^/gm, "      ")}\n`;

  test.each([
    ["{{ biuld.Get.inputs[0].source }}", "phase 'biuld' does not exist; use one of build."],
    ["{{ build.Gte.inputs[0].source }}", "phase 'build' has no step 'Gte'; its steps are Get, A, Later."],
    ["{{ build.Get.inputs[0].src }}", "step 'Get' has no input 'src'; it has source, destination."],
    ["{{ build.Get.inputs[1].source }}", "step 'Get' has 1 entry in its inputs, counted from 0."],
    ["{{ build.Get.inputs.source }}", "the inputs of step 'Get' are a list; name an entry: inputs[0].source."],
    ["{{ build.Get.outputs.stdout }}", "action S3Download has no outputs, not 'stdout'."],
    ["{{ build.Later.outputs.stdout }}", "step 'Later' runs later."],
    ["{{ build.A.outputs.stdout }}", "a step cannot refer to itself."],
    ["{{ build.Get.inputs[x].source }}", "is not an expression of AWSTOE"],
  ])("%s is refused", (command, message) => {
    const { faults } = found(of([download, bash(command), bash("ls", "Later")].join("\n")));

    expect(faults).toEqual([expect.stringContaining(message)]);
  });

  test("in a block of several lines is reported with its own line", () => {
    const block = step(
      "ExecuteBash",
      "inputs:\n  commands:\n    - |\n      ls\n      cat {{ build.No.outputs.stdout }}",
    );

    expect(found(of(block)).faults).toEqual([expect.stringMatching(/^11:19: .*has no step 'No'/)]);
  });

  test("from the build stage to the test stage is refused, from build to validate it is not", () => {
    const build = of(bash("ls"));
    const refers = "{{ build.A.outputs.stdout }}";

    const { faults } = found(build + testPhase(refers));

    expect(faults).toEqual([expect.stringContaining("passes nothing from its build stage to its test stage")]);
    expect(found(build + testPhase(refers).replace("test", "validate")).faults).toEqual([]);
  });

  test("is refused in the bounds of a loop", () => {
    const loop = "loop: { for: { start: 1, end: '{{ build.A.outputs.stdout }}', updateBy: 1 } }";

    expect(found(of([bash("ls"), bash("ls", "B", loop)].join("\n"))).faults).toEqual([
      expect.stringContaining("bounds of a 'for' loop cannot refer to a step"),
    ]);
  });
});
