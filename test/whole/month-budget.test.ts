import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { linesByLayer } from "../../bench/house/lines.ts";
import { BUDGET, overspent, raised, readBudget } from "../../bench/month/budget.ts";

const allowed = readBudget(BUDGET);

test("the month may cost what its budget says, and less", () => {
  const less = { ...allowed, calls: { "amint-acme-reconcile": 1 } };

  expect(overspent(allowed, allowed)).toEqual([]);
  expect(overspent(less, allowed)).toEqual([]);
});

test.each(["calls", "invocations", "transitions"] as const)(
  "more %s than its budget, or of a new caller, are named",
  (kind) => {
    const [name = "", most = 0] = Object.entries(allowed[kind])[0] ?? [];
    const found = { ...allowed, [kind]: { ...allowed[kind], [name]: most + 1, "amint-acme-new": 1 } };

    expect(overspent(found, allowed)).toEqual([
      `${kind} of ${name}: ${most + 1}, the budget is ${most}`,
      `${kind} of amint-acme-new: 1, the budget is 0`,
    ]);
  },
);

test.each(Object.entries(allowed.lines))("%s may have as many lines as its budget, and no more", (layer, most) => {
  const at = { lines: { [layer]: most } };
  const above = { lines: { [layer]: most + 1 } };

  expect(overspent(at, allowed)).toEqual([]);
  expect(overspent(above, allowed)).toEqual([`lines of ${layer}: ${most + 1}, the budget is ${most}`]);
});

test("a limit of lines is raised by what is needed, and stays where less is needed", () => {
  expect(raised({ core: 10, cli: 10 }, { core: 12, cli: 8, new: 3 })).toEqual({ core: 12, cli: 10, new: 3 });
});

test("lines are counted by layer: a package's tests are tests, and only TypeScript counts", () => {
  const root = mkdtempSync(join(tmpdir(), "amint-lines-"));
  const files = {
    "core/build/decide.ts": 3,
    "cli/command/main.mjs": 2,
    "packages/embedded-aws/src/aws.ts": 5,
    "packages/embedded-aws/test/aws.test.ts": 7,
    "test/build/decide.test.ts": 11,
    "bench/month.ts": 13,
  };
  for (const [file, lines] of Object.entries(files)) {
    mkdirSync(join(root, dirname(file)), { recursive: true });
    writeFileSync(join(root, file), "a line\n".repeat(lines));
  }

  const found = linesByLayer(root, Object.keys(files));
  rmSync(root, { recursive: true });

  expect(found).toMatchObject({ core: 3, cli: 2, product: 5, "packages/embedded-aws": 5, tests: 18 });
  expect(Object.keys(found)).toEqual(Object.keys(allowed.lines));
});
