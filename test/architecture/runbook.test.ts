import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { commands } from "../../cli/command/commands.ts";
import type { Blueprint } from "../../core/factory/blueprint.ts";
import { type PromotionFunctions, promotionDefinition } from "../../stacks/promotion/definition.ts";

const runbook = readFileSync("docs/operations.md", "utf8");

interface State {
  readonly Type: string;
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

const called = { arn: "arn:aws:lambda:eu-west-1:111122223333:function:step", timeoutSeconds: 60 };
// Every state calls the same function here: only the states' names matter.
const functions = new Proxy({}, { get: () => called }) as PromotionFunctions;

const flatten = (states: Readonly<Record<string, State>>): [string, State][] =>
  Object.entries(states).flatMap(([name, state]) => [[name, state], ...flatten(state.ItemProcessor?.States ?? {})]);

test("the runbook has instructions for every state in which a promotion can be or end", () => {
  const { States } = promotionDefinition("aws", functions) as unknown as { States: Record<string, State> };
  const standing = flatten(States).filter(([, { Type }]) => Type !== "Choice" && Type !== "Pass");

  const missing = standing.map(([name]) => name).filter((name) => !runbook.includes(`\`${name}\``));

  // A successful promotion needs no action.
  expect(standing.length).toBeGreaterThan(15);
  expect(missing).toEqual(["Promoted"]);
});

test("the runbook names only existing commands", () => {
  const named = new Set([...runbook.matchAll(/amint ([a-z]+)/g)].map(([, command = ""]) => command));

  expect(named.size).toBeGreaterThan(5);
  expect([...named].filter((command) => !commands.has(command))).toEqual([]);
});

test("the runbook explains every alarm and what to do", () => {
  const { resources } = JSON.parse(readFileSync("blueprint.json", "utf8")) as Blueprint;
  const alarms = resources.filter(({ type }) => type === "aws:cloudwatch/metricAlarm:MetricAlarm");
  const said = [...runbook.matchAll(/^\| `(amint-acme-[^`]+)` \|/gm)].map(([, name = ""]) => name);
  const patterns = said.map((name) => new RegExp(`^${name.replace(/<\w+>/g, "[a-z0-9-]+")}$`));

  const missing = alarms
    .map(({ inputs }) => String(inputs.name))
    .filter((name) => !patterns.some((one) => one.test(name)));

  expect(alarms.length).toBeGreaterThan(15);
  expect(missing).toEqual([]);
});
