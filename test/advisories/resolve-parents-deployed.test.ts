// @module-tag needs/sst-platform
import { beforeAll, expect, test } from "vitest";
import { readBlueprint } from "../../cli/command/open-ledger.ts";
import { loadProgram } from "../../cli/try/try.ts";
import type { Program } from "../../local/boot/boot-factory.ts";

let program: Program;
beforeAll(async () => {
  program = await loadProgram("test/try/configs/by-owner.ts");
}, 60_000);

const PARAMETERS = "arn:aws:ssm:eu-west-1:111122223333:parameter/imagebuilder/amint/owners/parents";

const resource = (type: string, name: string) =>
  program.blueprint.resources.find((one) => one.type.endsWith(`:${type}`) && one.name === name);

interface Statement {
  readonly Action: string | string[];
  readonly Resource: string | string[];
}

test("the function may only describe AMIs and put its parameters", () => {
  const role = program.blueprint.resources.find(
    ({ type, inputs }) => type === "aws:iam/role:Role" && inputs.name === "amint-owners-resolve-parents",
  );
  const policies = (role?.inputs.inlinePolicies ?? []) as { policy: { Statement: Statement[] } }[];
  const statements = policies.flatMap(({ policy }) => policy.Statement);
  const resourcesOf = (wanted: string) =>
    statements.flatMap(({ Action, Resource }) => ([Action].flat().includes(wanted) ? [Resource].flat() : []));

  expect(resourcesOf("ec2:DescribeImages")).toEqual(["*"]);
  expect(resourcesOf("ssm:PutParameter")).toEqual([`${PARAMETERS}/base`, `${PARAMETERS}/redhat`]);
  expect(resourcesOf("ssm:GetParameter")).toEqual([`${PARAMETERS}/base`, `${PARAMETERS}/redhat`]);
  const actions = statements.flatMap(({ Action }) => Action);
  expect(actions.filter((one) => /^(ec2|ssm|imagebuilder):/.test(one)).toSorted()).toEqual([
    "ec2:DescribeImages",
    "ssm:GetParameter",
    "ssm:PutParameter",
  ]);
});

test("the parameter is created before the recipe, with an AMI of that owner, and later deployments keep its value", () => {
  const parameter = resource("Parameter", "AmiParentBase");
  const lookup = program.blueprint.resources.find(({ name }) => parameter?.inputs.value === `\${${name}.id}`);
  const recipe = resource("ImageRecipe", "RecipeBase");

  expect(parameter?.inputs).toMatchObject({
    name: "/imagebuilder/amint/owners/parents/base",
    dataType: "aws:ec2:image",
  });
  expect(parameter?.options?.ignoreChanges).toEqual(["value", "description"]);
  expect(lookup).toMatchObject({
    type: "aws:ec2/getAmi:getAmi",
    inputs: {
      owners: ["136693071363"],
      mostRecent: true,
      filters: [
        { name: "name", values: ["debian-12-amd64-*"] },
        { name: "architecture", values: ["x86_64"] },
        { name: "state", values: ["available"] },
      ],
    },
  });
  expect(recipe?.inputs.parentImage).toBe("ssm:/imagebuilder/amint/owners/parents/base");
  expect(Object.values(recipe?.dependencies ?? {}).flat()).toContain("AmiParentBase");
});

test("children of such an image start with the same AMI", () => {
  expect(resource("Parameter", "ParentBaseStable")?.inputs.value).toBe(
    resource("Parameter", "AmiParentBase")?.inputs.value,
  );
});

test("a factory without such a parent has no such function", async () => {
  const { resources } = await readBlueprint();

  expect(resources.filter(({ name }) => /ResolveParents/.test(name))).toEqual([]);
});
