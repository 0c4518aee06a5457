import { expect, it } from "vitest";
import { machine, Workbench } from "./workbench.ts";

const runaways = {
  "an endless recursion": "($f := function($n) { 1 + $f($n + 1) }; $f(0))",
  "an endless loop": "($f := function($n) { $f($n + 1) }; $f(0))",
  "a range of ten million": "$count([1..10000000])",
  "a product of two large ranges": "$count([1..50000].[1..50000])",
  "a text of a billion characters": "$pad('', 1000000000)",
  "a text doubled forty times": "$length($reduce([1..40], function($a, $i) { $a & $a }, 'x'))",
  "an array doubled forty times": "$reduce([1..40], function($a, $i) { [[$a, $a]] }, [[1]])",
  "an array doubled forty times, as text": "$string($reduce([1..40], function($a, $i) { [[$a, $a]] }, [[1]]))",
  "a regular expression that backtracks without end": "$contains($pad('', 40, 'a') & 'b', /^(a+)+$/)",
  "a comparison of two such arrays":
    "($f := function() { $reduce([1..40], function($a, $i) { [[$a, $a]] }, [[1]]) }; $f() = $f())",
  "ninety thousand long texts": "$join($map([1..90000], function($x) { $pad('', 200000, 'x') }))",
  "code from a text": "$eval('1 + 1')",
  "a range of Step Functions with too many elements": "$range(1, 5000, 1)",
};

it.each(Object.entries(runaways))("%s fails its state, not the process", async (_, expression) => {
  const workbench = new Workbench();

  const run = await workbench.run(machine({ Run: { Type: "Pass", Output: `{% ${expression} %}`, End: true } }));

  expect(run).toMatchObject({ status: "FAILED", error: "States.QueryEvaluationError" });
});

const functions: Record<string, [expression: string, value: unknown]> = {
  $partition: ["$partition([1, 2, 3, 4, 5], 2)", [[1, 2], [3, 4], [5]]],
  $range: ["$range(0, 10, 5)", [0, 5, 10]],
  $hash: ["$hash('text', 'SHA-256')", "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"],
  $parse: ["$parse('{\"a\": [1]}').a", [1]],
  "$random with a seed": ["$random(7) = $random(7)", true],
  "$now, in factory time": ["$now()", "2026-04-01T08:00:00.000Z"],
  "$now in words": ["$now('[Y0001]-[M01]-[D01]')", "2026-04-01"],
  $millis: ["$millis()", Date.UTC(2026, 3, 1, 8)],
  "$string on a value": ["$string({'a': 1})", '{"a":1}'],
  "$string in a path": ["[1, 2].$string()", ["1", "2"]],
  $pad: ["$pad('7', -3, '0')", "007"],
};

it.each(Object.entries(functions))("%s works as documented", async (_, [expression, value]) => {
  const workbench = new Workbench();

  const run = await workbench.run(machine({ Run: { Type: "Pass", Output: `{% ${expression} %}`, End: true } }));

  expect(run.output).toEqual(value);
});

it("random numbers and UUIDs differ from each other, and are the same in the same run", async () => {
  const definition = machine({
    Run: { Type: "Pass", Output: "{% [$random(), $random(), $uuid(), $uuid()] %}", End: true },
  });

  const [one, same] = [await new Workbench().run(definition), await new Workbench().run(definition)];

  expect(new Set(one.output as unknown[]).size).toBe(4);
  expect(one.output).toEqual(same.output);
});
