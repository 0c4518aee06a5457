import { matchesPattern } from "embedded-aws/iam";
import { expect, test } from "vitest";
import { resourcesOf } from "../world/read-blueprint.ts";
import { grantsOf, list, type Statement } from "./policies.ts";

/** Actions that tag existing resources. */
const TAGS = /^\w+:(CreateTags|DeleteTags|(Un)?Tag[A-Z]\w*|AddTags\w*|RemoveTags\w*|Put\w*Tagging|Delete\w*Tagging)$/;

/** Actions that delete a resource or revoke its users' access. */
const TAKES = /^\w+:(Delete(?!Tags|\w*Tagging)|BatchDelete|Deregister|Terminate|DisableImage$)\w*$/;

/** Roles that need both on the same things, and why nothing of others' is in reach. */
const EXCEPTIONS: Readonly<Record<string, string>> = {};

/** A condition on the creating action limits tagging to creation: existing resources cannot be tagged. */
const isAtCreation = ({ Condition = {} }: Statement): boolean =>
  Object.values(Condition).some((keys) => "ec2:CreateAction" in keys);

const overlap = (one: string, other: string): boolean => matchesPattern(one, other) || matchesPattern(other, one);

const serviceOf = (action: string): string => action.slice(0, action.indexOf(":"));

interface Reach {
  readonly action: string;
  readonly resource: string;
}

const reaches = (statements: readonly Statement[], actions: RegExp): Reach[] =>
  statements.flatMap((statement) =>
    list(statement.Action)
      .filter((action) => actions.test(action) && !(TAGS.test(action) && isAtCreation(statement)))
      .flatMap((action) => list(statement.Resource).map((resource) => ({ action, resource }))),
  );

/** What a role can tag and then take away, as a pair of actions on a resource. */
function both(statements: readonly Statement[]): string[] {
  const takes = reaches(statements, TAKES);
  const found = reaches(statements, TAGS).flatMap((tag) =>
    takes
      .filter((take) => serviceOf(take.action) === serviceOf(tag.action) && overlap(take.resource, tag.resource))
      .map((take) => `${tag.action} and ${take.action} on ${tag.resource}`),
  );
  return [...new Set(found)];
}

test("no role may both tag and delete resources: a tag proves ownership", () => {
  const found = resourcesOf("Role").flatMap((role) =>
    both(grantsOf(role)).map((what) => `${String(role.inputs.name)}: ${what}`),
  );

  expect(found.filter((one) => !(one.split(":")[0]! in EXCEPTIONS))).toEqual([]);
});

test("grants that delete Image Builder images by pattern require the factory's tag", () => {
  const open = resourcesOf("Role").flatMap((role) =>
    grantsOf(role)
      .filter(({ Action }) => list(Action).includes("imagebuilder:DeleteImage"))
      .filter(({ Condition }) => !("aws:ResourceTag/amint:factory" in (Condition?.StringEquals ?? {})))
      .map(() => role.inputs.name),
  );

  expect(open).toEqual([]);
});

test.each([
  ["ec2:CreateTags", "ec2:DeleteSnapshot", "arn:aws:ec2:*::snapshot/*", "arn:aws:ec2:eu-west-1::snapshot/*", 1],
  ["ec2:CreateTags", "ec2:DeleteSnapshot", "arn:aws:ec2:*::image/*", "arn:aws:ec2:eu-west-1::snapshot/*", 0],
  ["imagebuilder:TagResource", "imagebuilder:DeleteImage", "*", "arn:aws:imagebuilder:*:*:image/*", 1],
  ["ec2:DescribeTags", "ec2:DeleteSnapshot", "*", "*", 0],
])("the rule itself reads %s and %s on %s and %s", (tag, take, tagged, taken, count) => {
  const statements = [
    { Effect: "Allow" as const, Action: tag, Resource: tagged },
    { Effect: "Allow" as const, Action: take, Resource: taken },
  ];

  expect(both(statements)).toHaveLength(count);
});
