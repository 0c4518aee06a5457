import { describe, expect, test } from "vitest";
import { bash, build, document, hostWith } from "./a-host.ts";

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
