import { expect, test } from "vitest";
import { type FoundPart, planParts } from "../../core/retirement/plan-leftovers.ts";

const now = new Date("2026-04-20T08:00:00.000Z");
const prefix = "arn:aws:imagebuilder:eu-west-1:111122223333";
const recipe = (version: string, createdAt: string | undefined, tags = { "amint:factory": "acme" }): FoundPart => ({
  arn: `${prefix}:image-recipe/acme-base/${version}`,
  name: "acme-base",
  createdAt,
  tags,
});
const old = recipe("1.5.1", "2026-04-01T08:00:00Z");
const current = recipe("1.2.9", "2026-04-05T08:00:00Z");
const plan = (parts: readonly FoundPart[], references: readonly string[]) =>
  planParts({ factory: "acme", now, keepSeconds: 14 * 86_400, parts, references }).map(({ arn }) => arn);

test("a version goes that a newer one, which is in use, took the place of two weeks ago", () => {
  expect(plan([old, current], [current.arn])).toEqual([old.arn]);
});

test.each([
  ["something refers to it", [old, current], [current.arn, old.arn]],
  ["something refers to it without its build", [old, current], [current.arn, `${prefix}:image-recipe/acme-base/1.5.1`]],
  [
    "something refers to whatever fits a pattern",
    [old, current],
    [current.arn, `${prefix}:image-recipe/acme-base/1.x.x`],
  ],
  ["no newer one is in use", [old, current], []],
  [
    "the one in use is older: somebody deploys just now",
    [old, recipe("1.9.9", "2026-03-01T08:00:00Z")],
    [`${prefix}:image-recipe/acme-base/1.9.9`],
  ],
  [
    "it is not two weeks old",
    [recipe("1.5.1", "2026-04-06T08:00:01Z"), recipe("1.2.9", "2026-04-07T08:00:00Z")],
    [current.arn],
  ],
  [
    "it is not the factory's",
    [recipe("1.5.1", "2026-04-01T08:00:00Z", { "amint:factory": "other" }), current],
    [current.arn],
  ],
  ["nobody knows how old it is", [recipe("1.5.1", undefined), current], [current.arn]],
] as const)("a version is kept where %s", (_, parts, references) => {
  expect(plan(parts, references)).toEqual([]);
});

test("a reference to another name, or to a name that begins alike, is none", () => {
  const other = `${prefix}:image-recipe/acme-base-2/x.x.x`;

  expect(plan([old, current], [current.arn, other])).toEqual([old.arn]);
});
