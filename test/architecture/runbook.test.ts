import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../../cli/command/commands.ts";
import type { Blueprint } from "../../core/factory/blueprint.ts";
import { type PromotionFunctions, promotionDefinition } from "../../stacks/promotion/definition.ts";
import { guide, shellBlocks } from "../whole/first-deployment/guide.ts";

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

const { resources } = JSON.parse(readFileSync("blueprint.json", "utf8")) as Blueprint;

test("each command of the guide to a first deployment says where it runs; few do not run on the embedded AWS", () => {
  const leftOut = shellBlocks().filter(({ commands }) => commands === undefined);

  expect(shellBlocks().length).toBeGreaterThan(30);
  // AWS's side is embedded; npm, SST and its state are not.
  for (const { text } of leftOut) expect(text).toMatch(/npm ci|npx sst|\/sst\//);
});

test("the guide names only existing commands", () => {
  const named = shellBlocks().flatMap(({ commands: text = "" }) => [...text.matchAll(/npx amint (\w+)/g)]);

  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(([, command = ""]) => !commands.has(command))).toEqual([]);
});

test("the guide's links resolve", () => {
  const links = [...guide.matchAll(/\]\((?!https:)([^)#]+)/g)].map(([, path = ""]) => join("docs", path));

  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((path) => !existsSync(path))).toEqual([]);
});

test("the guide names everything that a removal of the example retains", () => {
  const [, section = ""] = /^## 15\. ([\s\S]*)$/m.exec(guide) ?? [];
  const removedBy: Readonly<Record<string, string>> = {
    "aws:dynamodb/table:Table": "dynamodb delete-table",
    "aws:ecr/repository:Repository": "ecr delete-repository",
    "aws:imagebuilder/component:Component": "imagebuilder delete-component",
    "aws:imagebuilder/containerRecipe:ContainerRecipe": "imagebuilder delete-container-recipe",
    "aws:imagebuilder/imageRecipe:ImageRecipe": "imagebuilder delete-image-recipe",
    "aws:inspector2/enabler:Enabler": "inspector2 disable",
    "aws:kms/alias:Alias": "kms delete-alias",
    "aws:kms/key:Key": "kms schedule-key-deletion",
    "aws:s3/bucket:Bucket": "s3api delete-bucket",
  };

  const retained = new Set(resources.filter(({ options }) => options?.retainOnDelete).map(({ type }) => type));

  expect([...retained].toSorted()).toEqual(Object.keys(removedBy));
  for (const command of Object.values(removedBy)) expect(section).toContain(`aws ${command} `);
});
