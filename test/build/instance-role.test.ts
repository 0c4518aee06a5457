import type { Blueprint } from "embedded-aws/deploy";
import { describe, expect, test } from "vitest";
import { parametersIn } from "../../core/component/named-parameters.ts";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject } from "../../stacks/blueprint/project.ts";
import { grantsOf, list } from "../architecture/policies.ts";
import { resourcesOf } from "../world/read-blueprint.ts";

const evaluated = async (fixture: string): Promise<Blueprint> =>
  JSON.parse(await evaluateProgram(findProject(`${import.meta.dirname}/fixtures/${fixture}.ts`)));

const isInstances = ({ name }: { readonly name: string }) => name.endsWith("BuildInstanceRole");

/** What roles of building instances may read of Parameter Store. */
const parametersOf = (resources: Blueprint["resources"]): string[] =>
  resources
    .filter(({ type }) => type === "aws:iam/role:Role")
    .filter(isInstances)
    .flatMap((role) => grantsOf(role as never))
    .filter(({ Action }) => list(Action).some((action) => action.startsWith("ssm:GetParameter")))
    .flatMap(({ Resource }) => list(Resource));

const managedOf = (resources: readonly { inputs: Readonly<Record<string, unknown>> }[]): unknown[] =>
  resources.flatMap(({ inputs }) => inputs.managedPolicyArns as string[]);

describe("the role of build instances", () => {
  test("reads no parameter if neither the config nor a document names one", () => {
    const roles = resourcesOf("Role").filter(isInstances);

    expect(roles.length).toBe(2);
    expect(new Set(managedOf(roles))).toEqual(new Set(["arn:aws:iam::aws:policy/EC2InstanceProfileForImageBuilder"]));
    expect(parametersOf(roles as never)).toEqual([]);
  });

  test("reads the parameters that the config names", { tags: "needs/sst-platform" }, async () => {
    const { resources } = await evaluated("with-parameters");

    expect(new Set(parametersOf(resources))).toEqual(
      new Set([
        "arn:aws:ssm:eu-west-1:111122223333:parameter/builds/*",
        "arn:aws:ssm:eu-west-1:111122223333:parameter/license",
      ]),
    );
  });

  test("has AWS's policy instead of the stack's with managedCore", { tags: "needs/sst-platform" }, async () => {
    const { resources } = await evaluated("with-managed-core");
    const roles = resources.filter(({ type }) => type === "aws:iam/role:Role").filter(isInstances);

    expect(managedOf(roles)).toContain("arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore");
    expect(JSON.stringify(roles)).not.toContain("ssm:UpdateInstanceInformation");
  });
});

test("a document's parameters are those that AWSTOE would read", () => {
  const document = `
    - echo {{ aws:ssm:/builds/token }} {{aws:ssm:license}}
    - echo {{ aws:ssm:resolve(/builds/other) }} {{ aws:ssm:/builds/token }}
    - echo {{ build.Step.outputs.stdout }} {{ Release }}`;

  expect(parametersIn(document)).toEqual(["/builds/token", "license", "/builds/other"]);
});
