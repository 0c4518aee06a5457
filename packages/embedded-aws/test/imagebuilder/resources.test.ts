import { describe, expect, test } from "vitest";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { aBuilder, builderArn, document, REGION } from "./builder.ts";

describe("A component", () => {
  test("whose document is not YAML is refused with the line", async () => {
    const { component } = await aBuilder();

    await expectRefusal(
      component("broken", "name: broken\nphases:\n  - name: build\n   steps: []\n"),
      "InvalidParameterValueException",
      expect.stringMatching(/^The value supplied for parameter 'data' is not valid\. .*yaml: line 4: /),
    );
  });

  test("gets an ARN in lower case, and another build number for the same version", async () => {
    const { component } = await aBuilder();

    const first = await component("Harden SSH_2", document("build", "A"));
    const second = await component("Harden SSH_2", document("build", "B"));

    expect(first).toBe(builderArn("component/harden-ssh-2/1.0.0/1"));
    expect(second).toBe(builderArn("component/harden-ssh-2/1.0.0/2"));
  });

  test("is found by version and by patterns", async () => {
    const { builder, component } = await aBuilder();
    for (const version of ["1.0.0", "1.2.0", "1.10.0", "2.0.0"])
      await component("thing", document("build", "A"), version);
    const find = async (path: string): Promise<string> => {
      const input = { componentBuildVersionArn: builderArn(`component/thing/${path}`) };
      const found = await builder<{ component: { arn: string } }>("GetComponent", input);
      return found.component.arn.split("component/thing/")[1] ?? "";
    };

    expect(await find("1.2.0")).toBe("1.2.0/1");
    expect(await find("1.x.x")).toBe("1.10.0/1");
    expect(await find("x.x.x")).toBe("2.0.0/1");
    await expectRefusal(find("3.x.x"), "ResourceNotFoundException");
  });

  test.each([
    ["1.0", "InvalidParameterValueException"],
    ["1.0.0.0", "InvalidParameterValueException"],
    ["v1.0.0", "InvalidParameterValueException"],
    ["1.0.-1", "InvalidParameterValueException"],
    ["1073741824.0.0", "InvalidVersionNumberException"],
  ])("can't have the version %s", async (version, code) => {
    const { component } = await aBuilder();

    await expectRefusal(component("thing", document("build", "A"), version), code);
  });
});

describe("A recipe", () => {
  test("is immutable: the same version again is refused", async () => {
    const { recipe } = await aBuilder();
    const arn = await recipe();

    await expectRefusal(
      recipe({ description: "other" }),
      "ResourceAlreadyExistsException",
      `The following resource 'ImageRecipe' already exists: '${arn}'.`,
    );
  });

  test("may name components of AWS, not ones that aren't there", async () => {
    const { recipe } = await aBuilder();
    const aws = `arn:aws:imagebuilder:${REGION}:aws:component`;

    await recipe({ components: [{ componentArn: `${aws}/simple-boot-test-linux/x.x.x` }] });
    await expectRefusal(
      recipe({ name: "other", components: [{ componentArn: `${aws}/no-such-thing/x.x.x` }] }),
      "InvalidParameterValueException",
      containing("components[0].componentArn"),
    );
  });

  test("sets only parameters that its components define", async () => {
    const { component, recipe } = await aBuilder();
    const componentArn = await component("thing", document("build", "A"));

    await expectRefusal(
      recipe({ components: [{ componentArn, parameters: [{ name: "Port", value: ["22"] }] }] }),
      "InvalidParameterCombinationException",
      containing("not defined in the provided component: Port"),
    );
  });

  test("sets all parameters of its components without a default", async () => {
    const { component, recipe } = await aBuilder();
    const parameters =
      "parameters:\n  - Port:\n      type: string\n  - Host:\n      type: string\n      default: here\n";
    const componentArn = await component("thing", `${parameters}${document("build", "A")}`);

    await expectRefusal(
      recipe({ components: [{ componentArn }] }),
      "InvalidParameterCombinationException",
      expect.stringMatching(/components\[0\]\.parameters.* have no default and need a value: Port$/),
    );
    await recipe({ components: [{ componentArn, parameters: [{ name: "Port", value: ["22"] }] }] });
  });

  test("gives AWS's components the parameters that its guide describes, and any where it describes none", async () => {
    const { recipe } = await aBuilder();
    const given = (name: string, parameter: string) => ({
      componentArn: `arn:aws:imagebuilder:${REGION}:aws:component/${name}/x.x.x`,
      parameters: [{ name: parameter, value: ["Low"] }],
    });

    await expect(recipe({ components: [given("stig-build-linux", "Levle")] })).rejects.toMatchObject({
      message: expect.stringContaining("not defined in the provided component: Levle"),
    });
    await recipe({ components: [given("stig-build-linux", "Level"), given("update-linux", "include")] });
  });

  test.each(["al2023", "ami-zzz", "arn:aws:ec2:eu-west-1::image/ami-1", builderArn("image/none/x.x.x")])(
    "can't have the parent %s",
    async (parentImage) => {
      const { recipe } = await aBuilder();

      await expectRefusal(recipe({ parentImage }), "InvalidParameterValueException");
    },
  );
});

describe("A pipeline", () => {
  test("refers to existing resources", async () => {
    const { builder, recipe } = await aBuilder();
    const imageRecipeArn = await recipe();

    await expectRefusal(
      builder("CreateImagePipeline", {
        name: "acme-base",
        imageRecipeArn,
        infrastructureConfigurationArn: builderArn("infrastructure-configuration/none"),
      }),
      "InvalidParameterValueException",
    );
  });

  test("started twice with one client token builds once; with other parameters it is refused", async () => {
    const { pipeline, start } = await aBuilder();
    const arn = await pipeline();

    const first = await start(arn, { clientToken: "monday" });
    const again = await start(arn, { clientToken: "monday" });
    const other = start(arn, { clientToken: "monday", tags: { a: "b" } });

    expect(again).toBe(first);
    await expectRefusal(other, "IdempotentParameterMismatchException");
  });
});

test("An image ARN as parent resolves to its latest AVAILABLE build", async () => {
  const { builder, pipeline, recipe, infrastructure, start, image, call, pass } = await aBuilder();
  const parent = await start(await pipeline());
  await pass(60);
  const imageRecipeArn = await recipe({ name: "acme-web", parentImage: builderArn("image/acme-base/x.x.x") });
  const { imageBuildVersionArn = "" } = await builder<{ imageBuildVersionArn?: string }>("CreateImage", {
    imageRecipeArn,
    infrastructureConfigurationArn: await infrastructure("other"),
  });

  await pass(60);

  const parentAmi = (await image(parent)).outputResources?.amis?.[0]?.image;
  const childAmi = (await image(imageBuildVersionArn)).outputResources?.amis?.[0]?.image;
  expect(await call("ec2", "DescribeImages", { ImageIds: [childAmi] })).toMatchObject({
    Images: [{ SourceImageId: parentAmi }],
  });
  expect(await builder("GetImage", { imageBuildVersionArn: builderArn("image/acme-base/1.x.x") })).toMatchObject({
    image: { arn: parent },
  });
});

test("A distribution configuration's AMI name must contain the build date", async () => {
  const { builder } = await aBuilder();

  await expectRefusal(
    builder("CreateDistributionConfiguration", {
      name: "same",
      distributions: [{ region: REGION, amiDistributionConfiguration: { name: "always-the-same" } }],
    }),
    "InvalidParameterValueException",
    containing("{{ imagebuilder:buildDate }}"),
  );
});
