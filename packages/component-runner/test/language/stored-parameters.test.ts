import { describe, expect, test } from "vitest";
import { ParameterUnreadableError } from "../../src/language/step-host.ts";
import { bash, build, document, hostWith } from "./a-host.ts";

const token = { value: "s3cr3t", secret: true };

describe("An SSM parameter in a document", () => {
  test("is replaced by its value; resolve() takes its name from a parameter of the document, or from a stored one", async () => {
    const { asked, host } = hostWith({
      stored: {
        "/a": { value: "1", secret: false },
        "/name": { value: "/a", secret: false },
        localhost: { value: "2", secret: false },
      },
    });
    const command = "{{ aws:ssm:/a }} {{aws:ssm:resolve(Host)}} {{ aws:ssm:resolve(aws:ssm:/name) }}";

    await build(document(bash("A", command)), host);

    expect(asked.commands).toEqual(["1 2 1"]);
  });

  test("is read once per step, and again by the next one", async () => {
    const { asked, host } = hostWith({ exits: { A: [1] }, stored: { "/a": token } });
    const more = '        if: { stringEquals: s3cr3t, value: "{{ aws:ssm:/a }}" }\n        maxAttempts: 2\n';

    await build(document(bash("A", "{{ aws:ssm:/a }}", more), bash("B", "{{ aws:ssm:/a }}")), host);

    expect(asked.parameters).toEqual(["/a", "/a"]);
  });

  test("that is a SecureString is handed over for masking, and is in no event, failure or record", async () => {
    const { asked, host } = hostWith({
      stored: { "/token": token },
      outputs: { A: { stdout: "got s3cr3t" } },
      exits: { B: [1] },
    });
    host.run = ((run) => async (step) => ({
      ...(await run(step)),
      ...(step.name === "B" && { stderr: "s3cr3t is wrong", errorMessage: "s3cr3t: exit 1" }),
    }))(host.run);
    const parsed = document(bash("A", "login {{ aws:ssm:/token }}"), bash("B", "use {{ build.A.outputs.stdout }}"));

    const outcome = await build(parsed, host);

    expect(asked.commands).toEqual(["login s3cr3t", "use got s3cr3t"]);
    expect(asked.requests.map(({ secrets }) => secrets)).toEqual([["s3cr3t"], ["s3cr3t"]]);
    expect(JSON.stringify([asked.events, outcome])).not.toContain("s3cr3t");
    expect(outcome.failure).toMatchObject({ errorMessage: "***: exit 1", stderr: "*** is wrong" });
  });

  test("with more than one line fails the step", async () => {
    const { host } = hostWith({ stored: { "/key": { value: "-----BEGIN\nabc", secret: true } } });

    const outcome = await build(document(bash("A", "{{ aws:ssm:/key }}")), host);

    expect(outcome.failure?.errorMessage).toContain("'/key' could not be read: its value has more than one line");
  });

  test("that cannot be read fails the step, in each attempt", async () => {
    const { asked, host } = hostWith();
    host.readParameter = async (name) => {
      asked.parameters.push(name);
      throw new ParameterUnreadableError(name, "AccessDeniedException");
    };

    const outcome = await build(document(bash("A", "{{ aws:ssm:/a }}", "        maxAttempts: 2\n")), host);

    expect(asked.parameters).toEqual(["/a", "/a"]);
    expect(outcome.failure?.errorMessage).toBe("The SSM parameter '/a' could not be read: AccessDeniedException");
  });
});
