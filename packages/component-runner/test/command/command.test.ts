import { expect, test } from "vitest";
import { document, MACHINE, runnerWith } from "./command.ts";

const sound = document("test", "true");

test("check prints every fault as one line with file, line and column, and exits with 1", () => {
  const faulty = document("build", "ping {{ Host }}");
  const runner = runnerWith({ "faulty.yaml": faulty, "sound.yaml": sound });

  const { status, stdout, stderr } = runner("check", "faulty.yaml", "sound.yaml", "gone.yaml");

  expect(stdout.split("\n")).toEqual([
    "faulty.yaml:8:36: error: Parsing step 'Only' in phase 'build' failed. Error: '{{ Host }}' is not a parameter or constant; the document declares none.",
    "gone.yaml: error: the file does not exist (name a file of a document)",
    "2 faults found.",
    "",
  ]);
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
});

test("check takes documents without faults, and its JSON has each finding with its place", () => {
  const runner = runnerWith({ "slip.yaml": document("build", "true", "ExecuteBashh"), "sound.yaml": sound });

  expect(runner("check", "sound.yaml")).toEqual({ status: 0, stdout: "No faults found.\n", stderr: "" });
  expect(JSON.parse(runner("check", "slip.yaml", "--json").stdout)).toEqual({
    findings: [
      {
        where: "slip.yaml:7:17",
        what: expect.stringContaining("Unsupported action ExecuteBashh"),
        fix: 'did you mean "ExecuteBash"?',
        place: { document: "slip.yaml", line: 7, column: 17 },
      },
    ],
  });
});

test("text of documents cannot change what the terminal shows", () => {
  const hidden = document("build", "true").replace("name: build", 'name: "\\e]0;title\\a\\u202eb"');
  const runner = runnerWith({ "hidden.yaml": hidden });

  const { stdout } = runner("check", "hidden.yaml");
  const json = runner("check", "hidden.yaml", "--json").stdout;

  expect(stdout).toMatch(/hidden\.yaml:4:\d+: /);
  expect(`${stdout}${json}`.replaceAll("\n", "")).not.toMatch(/\p{Cc}|\p{Cf}/u);
  expect(JSON.stringify(JSON.parse(json))).toContain("\u202e");
});

test("schema prints the JSON schema of documents", () => {
  const { status, stdout } = runnerWith({})("schema");

  expect(JSON.parse(stdout)).toMatchObject({ $schema: "http://json-schema.org/draft-07/schema#" });
  expect(status).toBe(0);
});

test.each([
  ["no documents", ["run"], "missing required argument"],
  ["an unknown command", ["rum"], "unknown command"],
  ["an unknown backend", ["run", "sound.yaml", "--in", "cloud"], "Allowed choices are namespaces, bubblewrap"],
  ["a value that is not a number", ["run", "sound.yaml", "--memory", "2G"], "Use a whole number of at least 1."],
  ["a parameter without value", ["run", "sound.yaml", "--parameter", "Port"], "Write <name>=<value>"],
  ["a run in which no step would run", ["run", "sound.yaml"], "sound.yaml: no phase build, validate"],
])("%s is wrong usage: exit code 64", (_, args, said) => {
  const { status, stdout, stderr } = runnerWith({ "sound.yaml": sound })(...args);

  expect(stderr).toContain(said);
  expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
});

test.each([
  ["a document that does not exist", "gone.yaml", "gone.yaml: the document does not exist"],
  ["a document with faults", "slip.yaml", "slip.yaml:7:17: "],
  ["a parameter without a value", "parameter.yaml", "no value for Port; give one, such as by --parameter Port=<value>"],
  ["a document for Windows", "windows.yaml", '"component-runner check" checks their PowerShell.'],
])("%s is refused before anything starts", (_, file, said) => {
  const runner = runnerWith({
    "slip.yaml": document("build", "true", "ExecuteBashh"),
    "parameter.yaml": `${document("build", "echo {{ Port }}")}parameters:\n  - Port: { type: string }\n`,
    "windows.yaml": document("build", "dir", "ExecutePowerShell"),
  });

  const { status, stdout, stderr } = runner("test", file);

  expect(stderr).toContain(`component-runner: ${file}`);
  expect(stderr).toContain(said);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
});

test("an older Node is named, with the version that is needed", { tags: "needs/older-node" }, () => {
  const { status, stderr } = runnerWith({}, MACHINE)("check", "sound.yaml");

  expect(status).toBe(1);
  expect(stderr).toMatch(/^component-runner: needs Node\.js 24 or later, and this is v\d+\.\d+\.\d+\.\n$/);
});
