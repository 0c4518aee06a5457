import { expect, test } from "vitest";
import { compare } from "../../../cli/factory/diff.ts";
import { drawDifference, toJson } from "../../../cli/factory/draw-difference.ts";
import { factoryOf, imageOf } from "../../world/factory-of.ts";
import { blueprintOf, queue, resourceOf, roleWith } from "./small-blueprint.ts";

const FROM = new Date("2026-04-20T00:00:00Z");

const factory = factoryOf({
  name: "acme",
  images: { base: imageOf({ triggers: { packages: { severity: "important" } } }) },
});

const recipe = (description: string, content: string) => [
  resourceOf("imagebuilder/imageRecipe:ImageRecipe", "RecipeBase", { name: "acme-base", description }),
  {
    ...resourceOf("", "RecipeBaseVersion", { keepers: { content } }),
    type: "random:index/randomInteger:RandomInteger",
  },
];

const before = blueprintOf(queue("Old"), roleWith("Notify"), ...recipe("a", "1"));

const now = blueprintOf(
  queue("New"),
  roleWith("Notify", { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }),
  ...recipe("b", "2"),
);

test("the page has a section for each kind of change, and says what starts a build", () => {
  expect(drawDifference(compare(factory, before, now, FROM))).toEqual([
    "Resources created (1)",
    "  SQS queue amint-acme-new (New)",
    "",
    "Resources changed (1)",
    "  IAM role amint-acme-notify (Notify)",
    "      inlinePolicies: policy statements changed (see grants)",
    "",
    "Resources replaced (1)",
    "  Image Builder image recipe acme-base (RecipeBase)",
    '      description: "a" → "b" (cannot be changed in place)',
    "      the former one is deleted first",
    "",
    "Resources removed (1)",
    "  SQS queue amint-acme-old (Old)",
    "",
    "Grants added (1)",
    "  role amint-acme-notify is allowed sqs:SendMessage on *",
    "",
    "Images whose next build differs (1)",
    "  base",
    '      new recipe: description: "a" → "b"',
    "      next build: on an advisory, on request (npx amint build base)",
    "",
    "The deployment itself starts no build.",
    "",
    "Not compared: the functions' code and the config in it. Each deployment updates them.",
  ]);
});

test("JSON has the drawn version numbers, too, and each resource's words", () => {
  const { resources, different, images } = toJson(compare(factory, before, now, FROM));

  expect(different).toBe(true);
  expect(resources.map(({ action, name }) => `${action} ${name}`)).toEqual([
    "update Notify",
    "replace RecipeBase",
    "create New",
    "delete Old",
    "replace RecipeBaseVersion",
  ]);
  expect(images).toMatchObject([{ image: "base", kind: "recipe" }]);
});

test("the same blueprint is the same, whatever the order of its keys", () => {
  const difference = compare(factory, before, JSON.parse(JSON.stringify(before)), FROM);

  expect(difference.different).toBe(false);
  expect(drawDifference(difference)[0]).toBe("The blueprint is the same.");
});
