import { expect, test } from "vitest";
import { type FoundPart, planParts } from "../../core/retirement/plan-leftovers.ts";

const now = new Date("2026-04-20T08:00:00.000Z");
const prefix = "arn:aws:imagebuilder:eu-west-1:111122223333";
const recipe = (version: string, createdAt: string | undefined, tags = { "amint:factory": "acme" }): FoundPart => ({
  arn: `${prefix}:image-recipe/acme-base/${version}`,
  createdAt,
  tags,
});
const old = recipe("1.5.1", "2026-04-01T08:00:00Z");
const current = recipe("1.2.9", "2026-04-05T08:00:00Z");
const plan = (parts: readonly FoundPart[], references: readonly string[]) =>
  planParts({ factory: "acme", now, keepSeconds: 14 * 86_400, parts, references }).map(({ arn }) => arn);

test("a version goes that a newer one took the place of, once nothing refers to it and it is two weeks old", () => {
  expect(plan([old, current], [current.arn])).toEqual([old.arn]);
});

test("every version goes of what no longer is in the config", () => {
  expect(plan([old, current], [])).toEqual([old.arn, current.arn]);
});

test("a container recipe is another thing than an image recipe of the same name", () => {
  const container = { ...recipe("1.5.1", "2026-04-06T08:00:00Z"), arn: `${prefix}:container-recipe/acme-base/1.5.1` };

  expect(plan([container, current], [current.arn])).toEqual([container.arn]);
});

test.each([
  ["something refers to it", [old, current], [current.arn, old.arn]],
  ["something refers to it without its build", [old, current], [current.arn, `${prefix}:image-recipe/acme-base/1.5.1`]],
  [
    "something refers to whatever fits a pattern",
    [old, current],
    [current.arn, `${prefix}:image-recipe/acme-base/1.x.x`],
  ],
  [
    "it is the newest, and an older one is in use: its deployment is not complete",
    [old, recipe("1.9.9", "2026-03-01T08:00:00Z")],
    [`${prefix}:image-recipe/acme-base/1.9.9`],
  ],
  [
    "the one that took its place is not an hour old: a build of it may have begun just before",
    [old, recipe("1.2.9", "2026-04-20T07:00:01Z")],
    [`${prefix}:image-recipe/acme-base/1.2.9`],
  ],
  ["it is not two weeks old", [recipe("1.5.1", "2026-04-06T08:00:01Z")], []],
  [
    "it is not the factory's",
    [recipe("1.5.1", "2026-04-01T08:00:00Z", { "amint:factory": "other" }), current],
    [current.arn],
  ],
  ["its age is not known", [recipe("1.5.1", undefined), current], [current.arn]],
] as const)("a version is kept where %s", (_, parts, references) => {
  expect(plan(parts, references)).toEqual([]);
});

test("a reference to another name, or to a name that begins alike, is none", () => {
  const other = `${prefix}:image-recipe/acme-base-2/x.x.x`;

  expect(plan([old, current], [current.arn, other])).toEqual([old.arn]);
});
