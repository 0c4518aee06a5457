import { describe, expect, test } from "vitest";
import { parseToeDocument } from "../../src/language/parse-document.ts";
import { bash, build, document, hostWith } from "./a-host.ts";

describe("Carrying out a component document", () => {
  test("runs only the stage's phases, replacing parameters, constants and earlier output", async () => {
    const { asked, host } = hostWith({ outputs: { A: { stdout: "4242" } } });
    const parsed = document(bash("A", "id {{ Port }} {{ Dir }}"), bash("B", "kill {{ build.A.outputs.stdout }}"));

    const outcome = await build(parsed, host, { Port: "2222", Unknown: "ignored" });

    expect(asked.commands).toEqual(["id 2222 /etc/ssh", "kill 4242"]);
    expect(outcome).toMatchObject({ status: "Success", executedSteps: 2, failedSteps: 0, failure: undefined });
  });

  test("replaces every output that an action module has, also with an index", async () => {
    const { asked, host } = hostWith({ outputs: { A: { outputs: { content: "v1" } } } });
    const read = "      - { name: A, action: ReadFile, inputs: [{ path: /etc/version }] }\n";
    const parsed = document(read, bash("B", "{{ build.A.outputs.content }} {{ build.A.outputs[0].content }}"));
    host.run = (
      (run) => async (step) =>
        run(step.name === "A" ? { ...step, inputs: { commands: [] } } : step)
    )(host.run);

    await build(parsed, host);

    expect(asked.commands[1]).toBe("v1 v1");
  });

  test("stops at the first failure where onFailure is Abort, and names phase, step, action and exit code", async () => {
    const { asked, host } = hostWith({ exits: { A: [3] } });

    const outcome = await build(document(bash("A", "false"), bash("B", "true")), host);

    expect(asked.commands).toEqual(["false"]);
    expect(outcome).toMatchObject({
      status: "Failed",
      failure: { phase: "build", step: "A", action: "ExecuteBash", errorMessage: "exit status 3", stderr: "it broke" },
    });
  });

  test("continues after Continue and still fails; Ignore doesn't fail it", async () => {
    const { host } = hostWith({ exits: { A: [1], B: [1] } });
    const ignoring = document(bash("B", "false", "        onFailure: Ignore\n"), bash("C", "true"));

    const continued = await build(
      document(bash("A", "false", "        onFailure: Continue\n"), bash("C", "true")),
      host,
    );
    const ignored = await build(ignoring, host);

    expect(continued).toMatchObject({ status: "Failed", executedSteps: 2, failedSteps: 1 });
    expect(ignored).toMatchObject({ status: "SuccessWithIgnoredFailure", executedSteps: 2, ignoredFailedSteps: 1 });
  });

  test("tries a step as often as maxAttempts says", async () => {
    const { asked, host } = hostWith({ exits: { A: [1, 1, 0] } });

    const outcome = await build(document(bash("A", "curl", "        maxAttempts: 3\n")), host);

    expect(asked.requests.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    expect(outcome.status).toBe("Success");
  });

  test("runs a step again after the reboot requested by exit code 194", async () => {
    const { asked, host } = hostWith({ exits: { A: [194, 0] } });

    const outcome = await build(document(bash("A", "kernel")), host);

    expect(asked.commands).toHaveLength(2);
    expect(outcome.status).toBe("Success");
  });

  test("hands over timeout, disableLogging and the inputs as they are written", async () => {
    const { asked, host } = hostWith();
    const more = "        timeoutSeconds: 60\n        disableLogging: true\n";

    await build(document(bash("A", "ping {{ Host }}", more), bash("B", "true")), host);

    expect(asked.requests).toMatchObject([
      { timeoutSeconds: 60, disableLogging: true, written: { commands: ["ping {{ Host }}"] } },
      { timeoutSeconds: 7200, disableLogging: false },
    ]);
  });

  test("refuses to start without a value for a parameter that has no default", async () => {
    const { asked, host } = hostWith();
    const parsed = parseToeDocument(
      `name: ping\nschemaVersion: 1.0\nparameters: [{ Host: { type: string } }]\nphases:\n  - name: build\n    steps:\n${bash("A", "ping {{ Host }}")}`,
      "Linux",
    );

    await expect(build(parsed, host)).rejects.toThrow(
      "The document 'ping' needs a value for 'Host': the document declares no default.",
    );
    expect(asked.events).toEqual([]);
  });

  test("reports each step as it starts and ends, with inputs, outputs, attempts and exit code", async () => {
    const { asked, host } = hostWith({ exits: { B: [2, 2] }, outputs: { A: { stdout: "4" } } });
    const parsed = document(
      bash("A", "id {{ Port }}"),
      bash("S", "no", "        if: { stringEquals: a, value: b }\n"),
      bash("B", "false", "        onFailure: Ignore\n        maxAttempts: 2\n"),
    );

    const outcome = await build(parsed, host);

    const step = (name: string) => ({ phase: "build", step: name, action: "ExecuteBash" });
    expect(asked.events).toEqual([
      { kind: "started", ...step("A"), line: 10 },
      {
        kind: "ended",
        ...step("A"),
        status: "success",
        inputs: { commands: ["id 22"] },
        outputs: { stdout: "4" },
        failureMessage: "",
        attempts: 1,
        exitCode: 0,
      },
      { kind: "started", ...step("S"), line: 13 },
      expect.objectContaining({ kind: "ended", step: "S", status: "skipped", attempts: 0, exitCode: undefined }),
      { kind: "started", ...step("B"), line: 17 },
      expect.objectContaining({ step: "B", status: "ignored-failure", failureMessage: "exit status 2", attempts: 2 }),
    ]);
    expect(outcome.steps.map(({ step, status }) => [step, status])).toEqual([
      ["A", "success"],
      ["S", "skipped"],
      ["B", "ignored-failure"],
    ]);
  });
});
