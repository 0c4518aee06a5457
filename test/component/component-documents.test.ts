import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { checkToeDocument, documentSchema, platformOf } from "component-runner/documents";
import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { componentsOf, documentName, documentsAmong } from "../../core/component/image-components.ts";
import factory from "../../factory.config.ts";

interface Step {
  name: string;
  action: string;
  timeoutSeconds?: number;
  onFailure?: string;
  inputs: { commands: string[] } | Record<string, unknown>[];
}
interface Document {
  name: string;
  description: string;
  schemaVersion: number;
  phases: { name: string; steps: Step[] }[];
}

const matches = new Ajv({ allowUnionTypes: true }).compile(documentSchema());
const folder = new URL("../../images/components/", import.meta.url);
const documents = readdirSync(folder).map((file) => ({
  file,
  document: parse(readFileSync(new URL(file, folder), "utf8")) as Document,
}));
const steps = documents.flatMap(({ file, document }) =>
  document.phases.flatMap((phase) => phase.steps.map((step) => ({ at: `${file} ${phase.name}.${step.name}`, step }))),
);
const scriptsOf = (action: string) =>
  steps.flatMap(({ at, step }) =>
    step.action === action && "commands" in step.inputs ? step.inputs.commands.map((script) => ({ at, script })) : [],
  );
const scripts = scriptsOf("ExecuteBash");
const powershell = scriptsOf("ExecutePowerShell");

test.each(documents)("$file has no faults and no warnings, and matches the schema", ({ file, document }) => {
  const text = readFileSync(new URL(file, folder), "utf8");

  expect(checkToeDocument(text, platformOf(text))).toMatchObject({ faults: [], warnings: [] });
  expect(matches(document), JSON.stringify(matches.errors, null, 1)).toBe(true);
});

describe("the component documents", () => {
  it.each(documents)("$file is an AWSTOE document named after its file", ({ file, document }) => {
    expect(document.schemaVersion).toBe(1);
    expect(`${document.name}.yaml`).toBe(file);
    expect(document.description).toMatch(/\.$/);
    for (const { name, steps: inPhase } of document.phases) {
      expect(["build", "validate", "test"]).toContain(name);
      expect(new Set(inPhase.map((step) => step.name)).size).toBe(inPhase.length);
    }
  });

  it.each(documents)("$file either changes the image or tests it", ({ document }) => {
    const phases = document.phases.map(({ name }) => name);

    expect([["build"], ["build", "validate"], ["test"]]).toContainEqual(phases);
  });

  it.each(scripts)("$at stops at its first failing command", ({ script }) => {
    expect(script.split("\n")[0]).toBe("set -euo pipefail");
  });

  it.each(scripts)("$at is a script that bash can read", ({ script }) => {
    const withValues = script.replace(/\{\{ \w+ \}\}/g, "value");

    const { status, stderr } = spawnSync("bash", ["-n"], { input: withValues, encoding: "utf8" });

    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  it.each(powershell)("$at stops at its first error", ({ script }) => {
    expect(script.split("\n")[0]).toBe("$ErrorActionPreference = 'Stop'");
  });

  it("gives each script a separate limit", () => {
    const unlimited = steps.filter(({ step }) => step.action.startsWith("Execute") && !step.timeoutSeconds);

    expect(unlimited.map(({ at }) => at)).toEqual([]);
  });

  it("ignores no failure", () => {
    const tolerant = steps.filter(({ step }) => step.onFailure !== undefined && step.onFailure !== "Abort");

    expect(tolerant.map(({ at }) => at)).toEqual([]);
  });

  it("are all used by the example factory", () => {
    const used = Object.values(factory.images).flatMap((image) => documentsAmong(componentsOf(image)));
    const scanners = Object.values(factory.images).flatMap(({ gate }) =>
      gate.benchmark ? [gate.benchmark.by ?? "openscap"] : [],
    );
    const kinds = Object.values(factory.images).map(({ kind }) => kind);
    const optional = [
      "system-tests.yaml",
      "windows-hardening-tests.yaml",
      "windows-hardening.yaml",
      "windows-inspector-cis.yaml",
      "windows-manifest.yaml",
      "windows-sbom.yaml",
      "windows-system-tests.yaml",
      "update-debian.yaml",
      "update-enterprise-linux.yaml",
      "update-sles.yaml",
      ...(kinds.includes("container") ? [] : ["container-smoke.yaml", "nodejs.yaml", "update-al2023-container.yaml"]),
      ...(scanners.includes("inspector") ? [] : ["inspector-cis.yaml"]),
      ...(scanners.includes("openscap") ? [] : ["openscap.yaml"]),
    ];

    const unused = documents
      .filter(({ file }) => !used.map(documentName).includes(documentName(file)))
      .map(({ file }) => file);

    expect(unused.toSorted(), "a benchmark runs where an image's gate has one").toEqual(optional.toSorted());
  });
});
