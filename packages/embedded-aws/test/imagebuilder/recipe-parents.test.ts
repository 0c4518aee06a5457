import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import { describe, expect, test } from "vitest";
import { resolveParentsAtBuild } from "../../src/services/imagebuilder/build/resolve-parent.ts";
import { containing, expectRefusal, refusedStatus } from "../expect-refusal.ts";
import { allow, grant, makeRole } from "../policy.ts";
import { ACCOUNT, aBuilder, PARENT, REGION } from "./builder.ts";

const refused = (why: string) => ({
  code: "InvalidParameterValueException",
  message: `The value supplied for parameter 'parentImage' is not valid. ${why}`,
});

describe("A recipe's parent, when the recipe is created,", () => {
  test("is a parameter that exists", async () => {
    const { recipe, call } = await aBuilder();
    const parentImage = "ssm:/imagebuilder/acme/parent";

    const made = recipe({ parentImage });

    await expect(made).rejects.toMatchObject(refused("The parameter '/imagebuilder/acme/parent' does not exist."));
    expect(await refusedStatus("imagebuilder", await made.catch((refusal) => refusal))).toBe(400);
    const { Parameter } = await call<GetParameterCommandOutput>("ssm", "GetParameter", { Name: PARENT.slice(4) });
    const parameter = { Name: "/imagebuilder/acme/parent", Type: "String", Value: Parameter?.Value };
    await call("ssm", "PutParameter", parameter);
    await expect(recipe({ parentImage })).resolves.toMatch(/image-recipe/);
  });

  test("is a parameter that holds an AMI's id", async () => {
    const { recipe, call } = await aBuilder();
    await call("ssm", "PutParameter", { Name: "/imagebuilder/acme/parent", Type: "String", Value: "none" });

    const made = recipe({ parentImage: "ssm:/imagebuilder/acme/parent" });

    await expect(made).rejects.toMatchObject(refused('Invalid id: "none" (expecting "ami-...")'));
  });

  test("is an AMI that exists and is available", async () => {
    const { recipe, call } = await aBuilder();

    const none = recipe({ parentImage: "ami-0123456789abcdef0" });

    await expect(none).rejects.toMatchObject(refused("The image id '[ami-0123456789abcdef0]' does not exist"));
    const { Images } = await call<DescribeImagesCommandOutput>("ec2", "DescribeImages", { Owners: ["amazon"] });
    await expect(recipe({ parentImage: Images?.[0]?.ImageId ?? "" })).resolves.toMatch(/image-recipe/);
  });

  test.each([
    ["ssm:GetParameter", "ec2:DescribeImages"],
    ["ec2:DescribeImages", "ssm:GetParameter"],
  ])("is looked up with the caller's rights, %s among them", async (lacking, allowed) => {
    const { aws, call } = await aBuilder();
    const deployer = await makeRole(aws, ACCOUNT, "deployer", { AWS: ACCOUNT });
    const may = (...Action: string[]) =>
      grant(aws, ACCOUNT, "deployer", allow(["imagebuilder:CreateImageRecipe", ...Action]));
    const create = () =>
      call(
        "imagebuilder",
        "CreateImageRecipe",
        { name: "acme-base", semanticVersion: "1.0.0", parentImage: PARENT },
        REGION,
        deployer,
      );

    await may(allowed);
    await expectRefusal(create(), "AccessDeniedException", containing(lacking));
    await may(allowed, lacking);
    await expect(create()).resolves.toBeDefined();
  });

  test("is not looked at where parents are resolved by builds only", async () => {
    const { aws, recipe } = await aBuilder();
    resolveParentsAtBuild(aws);

    await expect(recipe({ parentImage: "ssm:/imagebuilder/acme/parent" })).resolves.toMatch(/image-recipe/);
  });
});
