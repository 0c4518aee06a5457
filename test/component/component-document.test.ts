import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readComponentDocument } from "../../stacks/component/component-document.ts";

const root = mkdtempSync(join(tmpdir(), "component-document-"));
afterAll(() => rmSync(root, { recursive: true }));
const folders = { project: root, program: resolve(".") };
const read = (text: string) => {
  writeFileSync(join(root, "harden.yaml"), text);
  return readComponentDocument(folders, "harden.yaml");
};

describe("a component document", () => {
  it("is used unchanged", () => {
    const text = "schemaVersion: 1.0\nphases:\n  - name: build\n    steps: []\n";

    expect(read(text)).toBe(text);
  });

  it("shipped with Amint is read from the program", () => {
    expect(readComponentDocument(folders, "amint:smoke")).toBe(readFileSync("images/components/smoke.yaml", "utf8"));
    expect(() => readComponentDocument(folders, "amint:gone")).toThrow(
      "names the component amint:gone, which does not exist",
    );
  });

  it("that does not exist is named", () => {
    expect(() => readComponentDocument(folders, "gone.yaml")).toThrow(
      "factory.config.ts names the component gone.yaml, which does not exist.",
    );
  });

  it("that is not YAML is refused with its file and line", () => {
    expect(() => read("schemaVersion: 1.0\nphases:\n  - name: build\n   steps: []\n")).toThrow(/^harden\.yaml:4:\d+: /);
  });

  it.each([
    ["phases: []\n", "schemaVersion must be 1.0, found nothing"],
    ["schemaVersion: 2.0\nphases: []\n", "schemaVersion must be 1.0, found 2"],
    ["schemaVersion: 1.0\n", "phases must be a list of at least one"],
    ["", "schemaVersion must be 1.0, found nothing"],
  ])("that AWSTOE would not run is refused: %j", (text, reason) => {
    expect(() => read(text)).toThrow(reason);
  });
});
