import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commands } from "../../cli/command/commands.ts";
import type { Blueprint } from "../../core/factory/blueprint.ts";
import { guide, shellBlocks } from "../whole/first-deployment/guide.ts";

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
