import { describe, expect, test } from "vitest";
import { holds } from "../../src/language/comparison.ts";
import { bash, build, document, hostWith } from "./a-host.ts";

describe("An 'if'", () => {
  test("skips or aborts its step", async () => {
    const { asked, host } = hostWith();
    const skip = '        if: { stringEquals: "80", value: "{{ Port }}" }\n';
    const abort = '        if: { not: { numberGreaterThan: 1000, value: "{{ Port }}" }, then: Abort }\n';

    const outcome = await build(document(bash("A", "a", skip), bash("B", "b", abort)), host);

    expect(asked.commands).toEqual([]);
    expect(outcome).toMatchObject({ status: "Failed", failure: { step: "B" } });
  });

  test("is evaluated once, also where the step is tried again or restarts the system", async () => {
    const { asked, host } = hostWith({ exits: { A: [194, 1, 0] } });
    const more = '        if: { fileExists: "/etc/{{ Host }}" }\n        maxAttempts: 2\n';

    const outcome = await build(document(bash("A", "a", more)), host);

    expect(asked.commands).toHaveLength(3);
    expect(asked.questions).toEqual([{ operator: "fileExists", path: "/etc/localhost" }]);
    expect(outcome.status).toBe("Success");
  });

  test("fails its step where a pattern is not one of RE2 once its variables are replaced", async () => {
    const { asked, host } = hostWith();
    const more = '        if: { patternMatches: "{{ Host }}", value: a }\n';

    const outcome = await build(document(bash("A", "a", more)), host, { Host: "a(?=b)" });

    expect(asked.commands).toEqual([]);
    expect(outcome.failure?.errorMessage).toContain("'a(?=b)' is not a valid RE2 pattern");
  });

  test("accepts 'not' with a mapping, as on one page of the guide, and with a list, as on another", async () => {
    const { asked, host } = hostWith({ inspect: ({ path }) => path === "yum" });
    const mapping = "        if: { and: [{ binaryExists: yum }, { not: { binaryExists: unzip } }] }\n";
    const list = "        if: { and: [{ binaryExists: yum }, { not: [{ binaryExists: unzip }] }] }\n";

    await build(document(bash("A", "a", mapping), bash("B", "b", list)), host);

    expect(asked.commands).toEqual(["a", "b"]);
  });
});

/** From the comparison operators' page of the guide, but for those that say otherwise. */
test.each([
  [{ stringIsEmpty: "" }, true],
  [{ stringIsEmpty: " " }, false],
  [{ stringIsEmpty: "Hello." }, false],
  [{ stringIsWhitespace: "   " }, true],
  [{ stringIsWhitespace: "" }, false],
  [{ stringIsWhitespace: " Hello?" }, false],
  [{ stringEquals: "Testing, testing...", value: "Testing, testing..." }, true],
  [{ stringEquals: "Testing, testing...", value: "TESTING, TESTING...." }, false],
  [{ stringEquals: "Testing", value: "TESTING" }, false],
  [{ stringEquals: "Testing", value: " Testing" }, false],
  [{ stringLessThan: "b", value: "a" }, true],
  [{ stringLessThan: "a", value: "0" }, true],
  [{ stringLessThan: "0", value: "a" }, false],
  [{ stringLessThanEquals: "A", value: "a" }, true],
  [{ stringLessThanEquals: "0", value: "a" }, false],
  [{ stringGreaterThan: "a", value: "A" }, false],
  [{ stringGreaterThan: "a", value: "b" }, true],
  [{ stringGreaterThanEquals: "A", value: "a" }, true],
  [{ stringGreaterThanEquals: "a", value: "0" }, false],
  [{ patternMatches: "^[a-z]+$", value: "ThisIsValue" }, true],
  [{ patternMatches: "^[a-zA-Z\\s]+$", value: "This text contains spaces" }, true],
  [{ patternMatches: "^(?P<major>[0-9]+)\\z", value: "12" }, true],
  [{ patternMatches: "^[0-9]+$", value: "a10" }, false],
  [{ numberEquals: "1", value: 1 }, true],
  [{ numberEquals: -1, value: -1 }, true],
  [{ numberEquals: 0, value: "" }, false],
  [{ numberEquals: 1, value: "a1" }, false],
  [{ numberLessThan: 2, value: 1.9 }, true],
  [{ numberLessThan: 2, value: "2" }, false],
  [{ numberLessThanEquals: 2, value: "2" }, true],
  [{ numberGreaterThan: 1, value: 2 }, true],
  [{ numberGreaterThan: 1, value: "a10" }, false],
  [{ numberGreaterThanEquals: 1, value: 0.8 }, false],
  [{ not: [{ stringEquals: "test_string", value: "Hello world!" }] }, true],
  [{ and: [{ stringIsEmpty: "" }, { numberEquals: 1, value: 3 }] }, false],
  [{ or: [{ stringIsEmpty: "a" }, { numberEquals: 1, value: 1 }] }, true],
])("%j is %s", async (comparison, expected) => {
  const result = await holds(comparison, async () => true);

  expect(result).toBe(expected);
});

test("the system computes a file's hash, by its path", async () => {
  const { asked, host } = hostWith({ inspect: () => false });

  const result = await holds({ fileSHA256Equals: "ab12", path: "/tmp/a" }, host.inspect);

  expect(result).toBe(false);
  expect(asked.questions).toEqual([{ operator: "fileSHA256Equals", path: "/tmp/a", hash: "ab12" }]);
});

test("'and' and 'or' ask no more than they need", async () => {
  const { asked, host } = hostWith({ inspect: ({ path }) => path === "/b" });

  await holds({ or: [{ fileExists: "/a" }, { fileExists: "/b" }, { fileExists: "/c" }] }, host.inspect);
  await holds({ and: [{ fileExists: "/d" }, { fileExists: "/e" }] }, host.inspect);

  expect(asked.questions.map(({ path }) => path)).toEqual(["/a", "/b", "/d"]);
});

const count = "        loop: { name: n, for: { start: 1, end: 5, updateBy: 2 } }\n";

describe("A loop", () => {
  test("counts with both bounds, walks lists and delimited strings; the index counts from 0 in each", async () => {
    const { asked, host } = hostWith();
    const list = "        loop: { forEach: [x, y] }\n";
    const cut = '        loop: { forEach: { list: "p;q", delimiter: ";" } }\n';
    const comma = '        loop: { forEach: { list: "{{ Host }},r" } }\n';
    const parsed = document(
      bash("A", "{{ n.index }}={{ n.value }} {{ loop.index }}", count),
      bash("B", "{{ loop.index }}={{ loop.value }}", list),
      bash("C", "{{ loop.value }}", cut),
      bash("D", "{{ loop.value }}", comma),
    );

    await build(parsed, host);

    expect(asked.commands).toEqual(["0=1 0", "1=3 1", "2=5 2", "0=x", "1=y", "p", "q", "localhost", "r"]);
    expect(asked.requests.map(({ iteration }) => iteration)).toEqual([0, 1, 2, 0, 1, 0, 1, 0, 1]);
  });

  test("is repeated as a whole by each attempt, and names the iteration that failed", async () => {
    const { asked, host } = hostWith({ exits: { A: [0, 1, 0, 1] } });

    const outcome = await build(document(bash("A", "{{ loop.value }}", `${count}        maxAttempts: 2\n`)), host);

    expect(asked.commands).toEqual(["1", "3", "1", "3"]);
    expect(outcome.failure?.errorMessage).toBe("Iteration 1 of the loop failed: exit status 1");
  });

  test.each(["0", "-1", "many"])("whose step is a parameter with the value %s fails", async (Port) => {
    const { host } = hostWith();
    const loop = '        loop: { for: { start: 1, end: 5, updateBy: "{{ Port }}" } }\n';

    const outcome = await build(document(bash("A", "true", loop)), host, { Port });

    expect(outcome.failure?.errorMessage).toContain(`from '1' to '5' by '${Port}' does not count to its end`);
  });

  test("joins the outputs of the rounds that succeeded", async () => {
    const { asked, host } = hostWith({ outputs: { A: { stdout: "Hello" } } });

    await build(document(bash("A", "true", count), bash("B", "{{ build.A.outputs.stdout }}")), host);

    expect(asked.commands.at(-1)).toBe("Hello\nHello\nHello");
  });

  test("leaves its variables as they are in a step without a loop, and other programs' templates", async () => {
    const { asked, host } = hostWith();

    await build(document(bash("A", "{{ loop.index }} {{ n.value }} {{ .State.Status }}")), host);

    expect(asked.commands).toEqual(["{{ loop.index }} {{ n.value }} {{ .State.Status }}"]);
  });
});
