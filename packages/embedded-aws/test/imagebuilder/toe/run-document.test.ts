import { describe, expect, test } from "vitest";
import { parseToeDocument } from "../../../src/services/imagebuilder/toe/parse-document.ts";
import { runDocument, type StepRunner } from "../../../src/services/imagebuilder/toe/run-document.ts";

const bash = (name: string, command: string, more = ""): string => `      - name: ${name}
        action: ExecuteBash
        inputs: { commands: ["${command}"] }
${more}`;

const document = (...steps: string[]) =>
  parseToeDocument(
    `schemaVersion: 1.0
parameters:
  - Port: { type: string, default: "22" }
  - Host: { type: string }
constants:
  - Dir: { type: string, value: /etc/ssh }
phases:
  - name: build
    steps:
${steps.join("")}
  - name: test
    steps:
${bash("Later", "true")}`,
    "Linux",
  );

/** Remembers commands; exit codes by step, one per attempt. */
function runner(exits: Record<string, number[]> = {}, stdout: Record<string, string> = {}) {
  const commands: string[] = [];
  const run: StepRunner = async ({ name, inputs }) => {
    commands.push((inputs as { commands: string[] }).commands.join("; "));
    const exitCode = exits[name]?.shift() ?? 0;
    return { exitCode, stdout: stdout[name] ?? "", stderr: exitCode === 0 ? "" : "it broke" };
  };
  return { commands, run };
}

const execute = (parsed: ReturnType<typeof document>, run: StepRunner, parameters = {}) =>
  runDocument(parsed, ["build", "validate"], parameters, run);

describe("Carrying out a component document", () => {
  test("runs only the stage's phases, replacing parameters, constants and earlier output", async () => {
    const { commands, run } = runner({}, { A: "4242" });
    const parsed = document(bash("A", "id {{ Port }} {{ Dir }}"), bash("B", "kill {{ build.A.outputs.stdout }}"));

    const outcome = await execute(parsed, run, { Port: "2222" });

    expect(commands).toEqual(["id 2222 /etc/ssh", "kill 4242"]);
    expect(outcome).toMatchObject({ status: "Success", executedSteps: 2, failedSteps: 0, failure: undefined });
  });

  test("stops at the first failure where onFailure is Abort, and names phase, step, action and exit code", async () => {
    const { commands, run } = runner({ A: [3] });

    const outcome = await execute(document(bash("A", "false"), bash("B", "true")), run);

    expect(commands).toEqual(["false"]);
    expect(outcome).toMatchObject({
      status: "Failed",
      failure: { phase: "build", step: "A", action: "ExecuteBash", errorMessage: "exit status 3", stderr: "it broke" },
    });
  });

  test("goes on after Continue and still fails; Ignore doesn't fail it", async () => {
    const { run } = runner({ A: [1], B: [1] });
    const ignoring = document(bash("B", "false", "        onFailure: Ignore\n"), bash("C", "true"));

    const continued = await execute(
      document(bash("A", "false", "        onFailure: Continue\n"), bash("C", "true")),
      run,
    );
    const ignored = await execute(ignoring, run);

    expect(continued).toMatchObject({ status: "Failed", executedSteps: 2, failedSteps: 1 });
    expect(ignored).toMatchObject({ status: "SuccessWithIgnoredFailure", executedSteps: 2, ignoredFailedSteps: 1 });
  });

  test("tries a step as often as maxAttempts says", async () => {
    const { commands, run } = runner({ A: [1, 1, 0] });

    const outcome = await execute(document(bash("A", "curl", "        maxAttempts: 3\n")), run);

    expect(commands).toHaveLength(3);
    expect(outcome.status).toBe("Success");
  });

  test("runs a step again after the reboot that its exit code 194 asks for", async () => {
    const { commands, run } = runner({ A: [194, 0] });

    const outcome = await execute(document(bash("A", "kernel")), run);

    expect(commands).toHaveLength(2);
    expect(outcome.status).toBe("Success");
  });

  test("loops over counts, lists and delimited strings", async () => {
    const { commands, run } = runner();
    const count = "        loop: { name: n, for: { start: 1, end: 5, updateBy: 2 } }\n";
    const list = "        loop: { forEach: [x, y] }\n";
    const cut = '        loop: { forEach: { list: "p;q", delimiter: ";" } }\n';
    const parsed = document(
      bash("A", "{{ n.index }}", count),
      bash("B", "{{ loop.index }}={{ loop.value }}", list),
      bash("C", "{{ loop.value }}", cut),
    );

    await execute(parsed, run);

    expect(commands).toEqual(["1", "3", "5", "0=x", "1=y", "p", "q"]);
  });

  test("skips or aborts as its 'if' says", async () => {
    const { commands, run } = runner();
    const skip = '        if: { stringEquals: "80", value: "{{ Port }}" }\n';
    const abort = '        if: { not: { numberGreaterThan: 1000, value: "{{ Port }}" }, then: Abort }\n';

    const outcome = await execute(document(bash("A", "a", skip), bash("B", "b", abort)), run);

    expect(commands).toEqual([]);
    expect(outcome).toMatchObject({ status: "Failed", failure: { step: "B" } });
  });

  test("fails at a variable that stands for nothing, such as a parameter without a value", async () => {
    const { run } = runner();

    const outcome = await execute(document(bash("A", "ping {{ Host }}")), run);

    expect(outcome.failure?.errorMessage).toContain("'{{ Host }}' stands for nothing");
  });
});
