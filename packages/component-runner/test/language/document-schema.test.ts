import { globSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkToeDocument, documentSchema } from "../../documents.ts";

const matches = new Ajv({ allowUnionTypes: true }).compile(documentSchema());

/** Documents of AWS's samples, which the project does not have a copy of. */
const samples = "../shared/conformance/components";
const published = globSync("*.{yml,yaml}", { cwd: samples });

describe("a sample of AWS", { tags: "needs/shared-components" }, () => {
  test.for(published.length > 0 ? published : ["no sample"])("%s has no faults and matches the schema", (path) => {
    const text = readFileSync(`${samples}/${path}`, "utf8");
    const platform = path.includes("Windows") ? "Windows" : "Linux";

    expect(checkToeDocument(text, platform).faults).toEqual([]);
    expect(matches(parse(text)), JSON.stringify(matches.errors, null, 1)).toBe(true);
  });
});

const sound = {
  schemaVersion: 1.0,
  parameters: [{ Port: { type: "string", default: 22 } }],
  phases: [{ name: "build", steps: [{ name: "A", action: "ExecuteBash", inputs: { commands: ["ls"] } }] }],
};

const withStep = (step: object) => ({ ...sound, phases: [{ name: "build", steps: [{ name: "A", ...step }] }] });
const bash = (more: object) => withStep({ action: "ExecuteBash", inputs: { commands: ["ls"] }, ...more });
const download = { source: "https://a", destination: "/a" };

test.each([
  sound,
  // biome-ignore lint/suspicious/noThenProperty: a field of a step's `if`
  bash({ if: { and: [{ binaryExists: "yum" }, { not: { fileExists: "/a" } }], then: "Skip" } }),
  bash({ if: [{ not: [{ fileSHA1Equals: "ab", path: "/a" }] }] }),
  bash({ loop: { name: "n", forEach: { list: "a,b" } }, disableLogging: true }),
  bash({ loop: { for: { start: 1, end: "{{ Port }}", updateBy: 1 } } }),
  withStep({ action: "Reboot" }),
  withStep({ action: "UpdateOS", inputs: { exclude: ["kernel"] } }),
  withStep({ action: "Assert", inputs: { numberGreaterThan: 1, value: "{{ Port }}" } }),
  withStep({
    action: "WebDownload",
    inputs: [{ ...download, checksum: "ab", algorithm: "sha256", overwrite: "{{ Port }}" }],
  }),
  withStep({ action: "ExecuteDocument", inputs: { document: "a.yaml", parameters: [{ name: "a", value: 1 }] } }),
  { ...sound, phases: [...sound.phases, { ...sound.phases[0], name: "verify" }] },
])("the schema takes document %#", (document) => {
  expect(matches(document), JSON.stringify(matches.errors, null, 1)).toBe(true);
  expect(checkToeDocument(JSON.stringify(document), "Linux").faults.map(({ message }) => message)).toEqual([]);
});

test.each([
  ["an unknown field", { ...sound, phase: [] }],
  ["another version", { ...sound, schemaVersion: "2.0" }],
  ["no phases", { schemaVersion: 1.0 }],
  ["a parameter's type", { ...sound, parameters: [{ Port: { type: "integer" } }] }],
  ["a short name", { ...sound, parameters: [{ P: { type: "string" } }] }],
  ["a constant without value", { ...sound, constants: [{ Port: { type: "string" } }] }],
  ["a step's name", withStep({ name: "A b", action: "Reboot" })],
  ["an unknown action", withStep({ action: "ExecuteBashh", inputs: { commands: ["ls"] } })],
  ["an unknown step field", bash({ retries: 3 })],
  ["a timeout of 0", bash({ timeoutSeconds: 0 })],
  ["onFailure", bash({ onFailure: "Retry" })],
  ["no inputs", withStep({ action: "ExecuteBash" })],
  ["commands that are text", withStep({ action: "ExecuteBash", inputs: { commands: "ls" } })],
  ["a command that is a mapping", withStep({ action: "ExecuteBash", inputs: { commands: [{ "echo a": "b" }] } })],
  ["inputs that are not a list", withStep({ action: "S3Upload", inputs: download })],
  ["an input that lacks", withStep({ action: "S3Upload", inputs: [{ source: "/a" }] })],
  ["a checksum alone", withStep({ action: "WebDownload", inputs: [{ ...download, checksum: "ab" }] })],
  ["an unknown encoding", withStep({ action: "ReadFile", inputs: [{ path: "/a", encoding: "latin1" }] })],
  ["a flag", withStep({ action: "DeleteFolder", inputs: [{ path: "/a", force: "maybe" }] })],
  ["attempts of a document", withStep({ action: "ExecuteDocument", maxAttempts: 2, inputs: { document: "a.yaml" } })],
  ["an unknown operator", bash({ if: { packageInstalled: "nginx" } })],
  ["two operators", bash({ if: { fileExists: "/a", folderExists: "/b" } })],
  ["a comparison without value", bash({ if: { stringEquals: "a" } })],
  // biome-ignore lint/suspicious/noThenProperty: a field of a step's `if`
  ["an unknown branch", bash({ if: { fileExists: "/a", then: "Run" } })],
  ["five levels", bash({ if: { not: { not: { not: { not: { fileExists: "/a" } } } } } })],
  ["two kinds of loop", bash({ loop: { for: { start: 1, end: 2, updateBy: 1 }, forEach: ["a"] } })],
  ["'stop' of a loop", bash({ loop: { for: { start: 1, stop: 2, updateBy: 1 } } })],
  ["a step of 0", bash({ loop: { for: { start: 1, end: 2, updateBy: 0 } } })],
  ["a delimiter", bash({ loop: { forEach: { list: "a", delimiter: "::" } } })],
])("schema and check both refuse %s", (_what, document) => {
  expect(matches(document)).toBe(false);
  expect(checkToeDocument(JSON.stringify(document), "Linux").faults).not.toEqual([]);
});

test("the schema and the check both refuse scripts of PowerShell that are written and in a file", () => {
  const document = withStep({ action: "ExecutePowerShell", inputs: { commands: ["dir"], file: "a.ps1" } });

  expect(matches(document)).toBe(false);
  expect(checkToeDocument(JSON.stringify(document), "Windows").faults).not.toEqual([]);
});
