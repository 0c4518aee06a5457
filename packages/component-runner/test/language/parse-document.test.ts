import { describe, expect, test } from "vitest";
import { ToeDocumentError } from "../../src/language/document.ts";
import { parseToeDocument } from "../../src/language/parse-document.ts";

const refusal = (text: string): ToeDocumentError => {
  try {
    parseToeDocument(text, "Linux");
  } catch (error) {
    if (error instanceof ToeDocumentError) return error;
    throw error;
  }
  throw new Error("The document was not refused.");
};

const withSteps = (steps: string): string => `name: doc
schemaVersion: 1.0
phases:
  - name: build
    steps:
${steps}
`;

describe("A component document", () => {
  test("is read with its parameters, constants, phases and steps, in order, with AWSTOE's defaults", () => {
    const document = parseToeDocument(
      `name: harden
description: hardens ssh
schemaVersion: 1.0
parameters:
  - Port: { type: string, default: "22", description: where sshd listens }
constants:
  - Config: { type: string, value: /etc/ssh/sshd_config }
phases:
  - name: build
    steps:
      - name: Write
        action: ExecuteBash
        onFailure: Continue
        maxAttempts: 3
        inputs: { commands: ["echo {{ Port }}"] }
  - name: test
    steps:
      - name: Check
        action: Reboot
`,
      "Linux",
    );

    expect(document).toMatchObject({
      name: "harden",
      parameters: [{ name: "Port", default: "22" }],
      constants: { Config: "/etc/ssh/sshd_config" },
      phases: [
        { name: "build", steps: [{ name: "Write", onFailure: "Continue", maxAttempts: 3, line: 11 }] },
        { name: "test", steps: [{ name: "Check", onFailure: "Abort", maxAttempts: 1, timeoutSeconds: 7200 }] },
      ],
    });
  });

  test("that is not YAML is refused with the line", () => {
    const error = refusal("name: doc\nschemaVersion: 1.0\nphases: [\n  - name: build\n");

    expect(error.line).toBe(4);
    expect(error.message).toContain("Failed to parse document. Error: yaml: line 4:");
  });

  test.each([
    ["name: doc\nschemaVersion: 2.0\nphases: []", 2, "Invalid schema version. Supported versions include: 1.0."],
    ["name: doc\nschemaVersion: 1.0", 1, "The document has no phases"],
    ["name: doc\nschemaVersion: 1.0\nphases:\n  - name: build\n    steps: []", 4, "Phase 'build' has no steps."],
    ["name: doc\nschemaVersion: 1.0\nphase: []", 3, "Unknown field 'phase'"],
    [
      withSteps("      - name: Install it\n        action: Reboot"),
      6,
      "Invalid step name 'Install it' in phase 'build'",
    ],
    [
      withSteps("      - name: A\n        action: InvokeBash"),
      7,
      "Parsing step 'A' in phase 'build' failed. Error: Unsupported action InvokeBash for os platform linux.",
    ],
    [
      withSteps("      - name: A\n        action: ExecutePowerShell\n        inputs: { commands: [dir] }"),
      7,
      "Unsupported action ExecutePowerShell for os platform linux.",
    ],
    [
      withSteps("      - name: A\n        action: S3Download\n        inputs: []"),
      8,
      "Action S3Download has no inputs; it requires an 'inputs'",
    ],
    [
      withSteps("      - name: A\n        action: S3Upload\n        inputs:\n          - source: /tmp/a"),
      9,
      "Action S3Upload requires the input 'destination'.",
    ],
    [
      withSteps("      - name: A\n        action: Reboot\n      - name: A\n        action: Reboot"),
      8,
      "Step name 'A' appears more than once in phase 'build'.",
    ],
    [withSteps("      - name: A\n        action: Reboot\n        timeoutSeconds: 0"), 8, "Invalid timeoutSeconds '0'"],
    [withSteps("      - name: A\n        action: Reboot\n        onFailure: Retry"), 8, "Invalid onFailure 'Retry'"],
    [
      withSteps("      - name: A\n        action: Reboot\n        if: { stringMatches: a, value: b }"),
      8,
      "Unknown operator 'stringMatches'",
    ],
    [
      withSteps("      - name: A\n        action: Reboot\n        loop: { name: x }"),
      8,
      "exactly one of 'for' and 'forEach'",
    ],
  ])("refused: %j, line %i", (text, line, message) => {
    const error = refusal(text);

    expect(error.message).toContain(message);
    expect(error.line).toBe(line);
  });

  test("may not name a parameter and a constant alike", () => {
    const error = refusal(`schemaVersion: 1.0
parameters:
  - Port: { type: string }
constants:
  - Port: { type: string, value: "1" }
phases: []
`);

    expect(error.message).toContain("'Port' is used more than once");
    expect(error.line).toBe(5);
  });
});

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
