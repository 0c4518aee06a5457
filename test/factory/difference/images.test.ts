import { isDeletedFirst, replaces } from "embedded-aws/deploy";
import { expect, test } from "vitest";
import { compare } from "../../../cli/factory/diff.ts";
import { drawDifference, toJson } from "../../../cli/factory/draw-difference.ts";
import type { Blueprint, BlueprintResource } from "../../../core/factory/blueprint.ts";
import { compareImages } from "../../../core/factory/difference/compare-images.ts";
import { compareResources } from "../../../core/factory/difference/compare-resources.ts";
import type { FactoryInput } from "../../../core/factory/factory-schema.ts";
import { factoryOf, imageOf } from "../../world/factory-of.ts";
import { blueprintOf, queue, resourceOf, roleWith } from "./small-blueprint.ts";

const onParent = (image: string, triggers = { parent: true }) =>
  imageOf({ parent: { image, channel: "stable" }, triggers });

const named = (images: FactoryInput["images"]) => factoryOf({ name: "acme", images });

const component = (name: string, data = "steps", version = "1.1.0"): BlueprintResource =>
  resourceOf("imagebuilder/component:Component", `Component${name}`, { name: `acme-${name}`, data, version });

const used = (name: string, version = "1.1.0", parameters?: object[]) => ({
  componentArn: `arn:aws:imagebuilder:eu-west-1:111122223333:component/acme-${name}/${version}/1`,
  ...(parameters && { parameters }),
});

const recipe = (image: string, inputs: object): BlueprintResource =>
  resourceOf("imagebuilder/imageRecipe:ImageRecipe", `Recipe${image}`, {
    name: `acme-${image}`,
    parentImage: "ssm:/aws/service/a",
    ...inputs,
  });

const changed = (before: Blueprint, now: Blueprint, images: FactoryInput["images"]) =>
  compareImages(before, now, {
    factory: named(images),
    changes: compareResources(before, now, { replaces, isDeletedFirst }),
  });

test("a changed component is the reason for new recipes of the images that have it, and of no others", () => {
  const other = recipe("other", { components: [used("agents")] });
  const before = blueprintOf(component("ssh"), recipe("base", { components: [used("ssh")], version: "1.1.0" }), other);
  const now = blueprintOf(
    component("ssh", "more steps", "1.2.0"),
    recipe("base", { components: [used("ssh", "1.2.0")], version: "1.9.0" }),
    other,
  );

  expect(changed(before, now, { base: imageOf(), other: imageOf() })).toEqual([
    { image: "base", kind: "recipe", reasons: ["content of component ssh changed"] },
  ]);
});

test("a recipe's changes are listed by what changed in it", () => {
  const release = (value: string) => [{ name: "Release", value }];
  const before = blueprintOf(
    recipe("base", { components: [used("update", "1.1.0", release("latest")), used("old")] }),
    recipe("tools", { components: [used("a"), used("b")] }),
    recipe("web", { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 8 } }] }),
  );
  const now = blueprintOf(
    recipe("base", {
      parentImage: "ssm:/aws/service/b",
      components: [used("update", "1.1.0", release("2023.8.20260413")), used("new")],
    }),
    recipe("tools", { components: [used("b"), used("a")] }),
    recipe("web", { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeSize: 20 } }] }),
  );

  const found = changed(before, now, { base: imageOf(), tools: imageOf(), web: imageOf() });

  expect(found.map(({ image, reasons }) => [image, ...reasons])).toEqual([
    [
      "base",
      "component new added",
      "component old removed",
      'component update, parameter Release: "latest" → "2023.8.20260413"',
      'parent: "ssm:/aws/service/a" → "ssm:/aws/service/b"',
    ],
    ["tools", "order of the components changed"],
    ["web", "blockDeviceMappings.ebs.volumeSize: 8 → 20"],
  ]);
});

test("a recipe's tags cause no build", () => {
  const before = blueprintOf(recipe("base", { tags: { a: "1" } }));
  const now = blueprintOf(recipe("base", { tags: { a: "2" } }));

  expect(changed(before, now, { base: imageOf() })).toEqual([]);
});

test("children follow their parents, as far as their triggers say so", () => {
  const before = blueprintOf(...["base", "web", "shop", "manual"].map((image) => recipe(image, {})));
  const now = blueprintOf(
    recipe("base", { description: "new" }),
    ...["web", "shop", "manual"].map((image) => recipe(image, {})),
  );
  const images = {
    shop: onParent("web"),
    web: onParent("base"),
    base: imageOf(),
    manual: onParent("base", { parent: false }),
  };

  expect(changed(before, now, images).map(({ image, kind, reasons }) => [image, kind, ...reasons])).toEqual([
    ["shop", "parent", "its parent web is rebuilt: it follows when stable moves"],
    ["web", "parent", "its parent base is rebuilt: it follows when stable moves"],
    ["base", "recipe", 'description: none → "new"'],
  ]);
});

test("an added image has a first build, a removed one has none", () => {
  const [before, now] = [blueprintOf(recipe("old", {})), blueprintOf(recipe("base", {}))];

  expect(changed(before, now, { base: imageOf() }).map(({ image, kind }) => [image, kind])).toEqual([
    ["base", "new"],
    ["old", "removed"],
  ]);
});

const FROM = new Date("2026-04-20T00:00:00Z");

const factory = factoryOf({
  name: "acme",
  images: { base: imageOf({ triggers: { packages: { severity: "important" } } }) },
});

const recipeWithVersion = (description: string, content: string) => [
  resourceOf("imagebuilder/imageRecipe:ImageRecipe", "RecipeBase", { name: "acme-base", description }),
  {
    ...resourceOf("", "RecipeBaseVersion", { keepers: { content } }),
    type: "random:index/randomInteger:RandomInteger",
  },
];

const before = blueprintOf(queue("Old"), roleWith("Notify"), ...recipeWithVersion("a", "1"));

const now = blueprintOf(
  queue("New"),
  roleWith("Notify", { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }),
  ...recipeWithVersion("b", "2"),
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
