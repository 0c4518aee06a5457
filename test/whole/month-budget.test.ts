import { expect, test } from "vitest";
import { BUDGET, overspent, readBudget } from "../../bench/month/budget.ts";

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
