// @module-tag needs/sst-platform
import type { Blueprint } from "embedded-aws/deploy";
import { expect, test } from "vitest";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject } from "../../stacks/blueprint/project.ts";
import { withEnv } from "../world/with-env.ts";

/** The blueprint of an AMI and a container image whose component has these parameters. */
async function blueprintWith(parameters: Readonly<Record<string, string>>): Promise<Blueprint> {
  withEnv({ TEST_PARAMETERS: JSON.stringify(parameters) });
  return JSON.parse(await evaluateProgram(findProject(`${import.meta.dirname}/fixtures/with-parameters.ts`)));
}

const one = ({ resources }: Blueprint, type: string, name: string) =>
  resources.find((found) => found.type.endsWith(type) && found.inputs.name === name)?.inputs;

test("parameters are the recipe's: other values make a new version of it, and none of the component", {
  tags: "deep",
}, async () => {
  const before = await blueprintWith({ logGroup: "/acme/a" });
  const after = await blueprintWith({ logGroup: "/acme/b\nand more" });

  const recipes = [
    [":ImageRecipe", "acme-base"],
    [":ContainerRecipe", "acme-box"],
  ] as const;
  for (const [type, name] of recipes) {
    const recipe = one(after, type, name);
    const components = (recipe?.components ?? []) as object[];
    expect(components.slice(0, 2)).toEqual([
      {
        componentArn: expect.stringContaining("component/acme-with-parameters/"),
        parameters: [{ name: "logGroup", value: "/acme/b\nand more" }],
      },
      {
        componentArn: "arn:aws:imagebuilder:eu-west-1:aws:component/stig-build-linux/x.x.x",
        parameters: [{ name: "Level", value: "Low" }],
      },
    ]);
    expect(recipe?.version).not.toBe(one(before, type, name)?.version);
  }
  const component = one(after, ":Component", "acme-with-parameters");
  expect(component?.version).toBe(one(before, ":Component", "acme-with-parameters")?.version);
});

test("a program whose recipe Image Builder would refuse fails with the document and the parameter", async () => {
  await expect(blueprintWith({ logGruop: "/acme/a" })).rejects.toThrow(
    "test/component/fixtures/with-parameters.yaml: the document has no parameter logGruop; it has logGroup.",
  );
});
