import { expect, test } from "vitest";
import { parseToeDocument } from "../../../src/services/imagebuilder/toe/parse-document.ts";

const document = (phase: string, action: string): string =>
  [
    "schemaVersion: 1.0",
    "phases:",
    `  - name: ${phase}`,
    "    steps:",
    "      - name: Only",
    `        action: ${action}`,
    "        inputs: { commands: [ls] }",
  ].join("\n");

test.each([
  ["an unknown action", document("build", "ExecuteBashh"), 6, 17, "ExecuteBashh", "ExecuteBash"],
  ["an unknown field", `${document("build", "ExecuteBash")}\n        retries: 3`, 8, 9, "retries", "maxAttempts"],
])(
  "%s is refused with line and column, and the words that are known in its place",
  (_name, text, line, column, found, known) => {
    expect(() => parseToeDocument(text, "Linux")).toThrow(
      expect.objectContaining({ line, column, unknown: { found, valid: expect.arrayContaining([known]) } }),
    );
  },
);

test("broken YAML is refused with line and column", () => {
  expect(() => parseToeDocument("phases:\n  - name: build\n   steps: []\n", "Linux")).toThrow(
    expect.objectContaining({ line: 3, column: expect.any(Number), unknown: undefined }),
  );
});
