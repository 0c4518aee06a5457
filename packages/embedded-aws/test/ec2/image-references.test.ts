import { describe, expect, it } from "vitest";
import { builderState } from "../../src/services/imagebuilder/state.ts";
import { refusalOf } from "../expect-refusal.ts";
import { TRANSPORTS } from "../wire/transports.ts";
import { anAws, anImage, ec2Clients, FACTORY, PRODUCTION, REGION } from "./an-aws.ts";
import { ALLOW_LAUNCHES, launchWorld } from "./launch-world.ts";

const MINUTE = 60_000;
const arn = (type: string, id: string | undefined) => `arn:aws:ec2:${REGION}:${FACTORY}:${type}/${id}`;
const recipeArn = `arn:aws:imagebuilder:${REGION}:${FACTORY}:image-recipe/web/1.0.0`;

/** An image that an instance, a template's older version, a parameter and a recipe name, and one that nothing names. */
async function aReferencedImage() {
  const world = anAws();
  const { aws, clock, by } = world;
  const id = anImage(aws, "golden");
  const other = anImage(aws, "other");
  const ec2 = by("ec2");
  const { Instances } = await ec2<{ Instances: { InstanceId: string }[] }>("RunInstances", {
    ImageId: id,
    InstanceType: "t3.micro",
    MinCount: 1,
    MaxCount: 1,
  });
  const { LaunchTemplate } = await ec2<{ LaunchTemplate: { LaunchTemplateId: string } }>("CreateLaunchTemplate", {
    LaunchTemplateName: "web",
    LaunchTemplateData: { ImageId: id },
  });
  await ec2("CreateLaunchTemplateVersion", {
    LaunchTemplateName: "web",
    LaunchTemplateData: { InstanceType: "t3.small" },
  });
  await by("ssm")("PutParameter", { Name: "/golden", Value: id, Type: "String" });
  aws.state(builderState, FACTORY, REGION).recipes.set(recipeArn, { arn: recipeArn, parentImage: id });
  await clock.runUntil(clock.now() + MINUTE);
  const instance = Instances[0]?.InstanceId;
  const template = LaunchTemplate.LaunchTemplateId;
  const references = {
    "ec2:Instance": arn("instance", instance),
    "ec2:LaunchTemplate": arn("launch-template", template),
    "imagebuilder:ImageRecipe": recipeArn,
    "ssm:Parameter": `arn:aws:ssm:${REGION}:${FACTORY}:parameter/golden`,
  };
  return { ...world, id, other, instance, references };
}

describe.each(TRANSPORTS)("what references an image, $name", ({ connect }) => {
  it("is found in every kind of resource, with defaults", async () => {
    const { aws, id, other, references } = await aReferencedImage();
    const client = (await ec2Clients(connect, aws))();

    const { ImageReferences = [] } = await client.describeImageReferences({
      ImageIds: [id, other],
      IncludeAllResourceTypes: true,
    });

    expect(ImageReferences.every(({ ImageId }) => ImageId === id)).toBe(true);
    expect(Object.fromEntries(ImageReferences.map(({ ResourceType, Arn }) => [ResourceType, Arn]))).toEqual(references);
  });

  it("is narrowed by an instance's state, and by how many versions of a template are looked at", async () => {
    const { aws, clock, id, instance, references } = await aReferencedImage();
    const client = (await ec2Clients(connect, aws))();
    const states = (...OptionValues: string[]) => ({
      ResourceType: "ec2:Instance" as const,
      ResourceTypeOptions: [{ OptionName: "state-name" as const, OptionValues }],
    });
    const depth = (value: string) => ({
      ResourceType: "ec2:LaunchTemplate" as const,
      ResourceTypeOptions: [{ OptionName: "version-depth" as const, OptionValues: [value] }],
    });
    const find = async (
      IncludeAllResourceTypes: boolean,
      ...ResourceTypes: ReturnType<typeof states | typeof depth>[]
    ) =>
      (
        await client.describeImageReferences({ ImageIds: [id], IncludeAllResourceTypes, ResourceTypes })
      ).ImageReferences?.map(({ ResourceType }) => ResourceType).sort();
    await client.stopInstances({ InstanceIds: [instance ?? ""] });
    await clock.runUntil(clock.now() + 5 * MINUTE);

    const found = {
      stopped: await find(false, states("stopped")),
      running: await find(false, states("running", "pending")),
      newestVersion: await find(false, depth("1")),
      twoVersions: await find(false, depth("2")),
      allButRunning: await find(true, states("running")),
    };

    const all = Object.keys(references).sort();
    expect(found).toEqual({
      stopped: ["ec2:Instance"],
      running: [],
      newestVersion: [],
      twoVersions: ["ec2:LaunchTemplate"],
      allButRunning: all.filter((type) => type !== "ec2:Instance"),
    });
  });

  it("is in the caller's own account, even if another account owns the image", async () => {
    const { aws, clock, id } = await aReferencedImage();
    const client = await ec2Clients(connect, aws);
    const share = { ImageId: id, LaunchPermission: { Add: [{ UserId: PRODUCTION }] } };
    await client(FACTORY).modifyImageAttribute(share);
    const launch = { ImageId: id, InstanceType: "t3.micro" as const, MinCount: 1, MaxCount: 1 };
    const { Instances } = await client(PRODUCTION).runInstances(launch);
    await client(PRODUCTION).createLaunchTemplate({
      LaunchTemplateName: "theirs",
      LaunchTemplateData: { EbsOptimized: true },
    });
    await client(PRODUCTION).createLaunchTemplateVersion({
      LaunchTemplateName: "theirs",
      LaunchTemplateData: { ImageId: id },
    });
    await clock.runUntil(clock.now() + MINUTE);

    const { ImageReferences } = await client(PRODUCTION).describeImageReferences({
      ImageIds: [id],
      IncludeAllResourceTypes: true,
    });

    expect(ImageReferences?.map(({ Arn }) => Arn?.replace(/lt-.*/, "lt"))).toEqual([
      `arn:aws:ec2:${REGION}:${PRODUCTION}:instance/${Instances?.[0]?.InstanceId}`,
      `arn:aws:ec2:${REGION}:${PRODUCTION}:launch-template/lt`,
    ]);
  });
});

describe("a check of references", () => {
  it.each([
    ["names no type", {}, /Either IncludeAllResourceTypes or ResourceTypes/],
    ["asks for pages of four", { IncludeAllResourceTypes: true, MaxResults: 4 }, /value of at least 5/],
    ["names a type that does not exist", { ResourceTypes: [{ ResourceType: "ec2:Volume" }] }, /ec2:Volume/],
    [
      "gives an option to another type",
      {
        ResourceTypes: [
          {
            ResourceType: "ssm:Parameter",
            ResourceTypeOptions: [{ OptionName: "version-depth", OptionValues: ["1"] }],
          },
        ],
      },
      /version-depth/,
    ],
    [
      "looks at no version",
      {
        ResourceTypes: [
          {
            ResourceType: "ec2:LaunchTemplate",
            ResourceTypeOptions: [{ OptionName: "version-depth", OptionValues: ["0"] }],
          },
        ],
      },
      /'0' for option 'version-depth'/,
    ],
    [
      "names a state that does not exist",
      {
        ResourceTypes: [
          { ResourceType: "ec2:Instance", ResourceTypeOptions: [{ OptionName: "state-name", OptionValues: ["gone"] }] },
        ],
      },
      /'gone' for option 'state-name'/,
    ],
  ])("that %s is refused", async (_, asked, message) => {
    const { by } = anAws();

    const refusal = await refusalOf(
      by("ec2")("DescribeImageReferences", { ImageIds: ["ami-0123456789abcdef0"], ...asked }),
    );

    expect(refusal.code).toBe("InvalidParameterValue");
    expect(refusal.message).toMatch(message);
  });

  it("of eleven images is refused, and of an id that is not an image's", async () => {
    const { by } = anAws();
    const ask = (...ImageIds: string[]) =>
      refusalOf(by("ec2")("DescribeImageReferences", { ImageIds, IncludeAllResourceTypes: true }));

    const many = await ask(...Array.from({ length: 11 }, (_, n) => `ami-0123456789abcdef${n.toString(16)}`));
    const malformed = await ask("golden");

    expect([many.code, malformed.code]).toEqual(["InvalidParameterValue", "InvalidAMIID.Malformed"]);
  });

  it("requires permissions for the searched resources, also if a policy allows them only through EC2", async () => {
    const { as, imageId, role } = await launchWorld();
    const through = { "ForAnyValue:StringEquals": { "aws:CalledVia": ["ec2-images.amazonaws.com"] } };
    const looking = (...Action: string[]) => ({ Effect: "Allow", Action, Resource: "*", Condition: through });
    const blind = await role("blind", ALLOW_LAUNCHES);
    const seeing = await role("seeing", ALLOW_LAUNCHES, looking("ssm:DescribeParameters", "ssm:GetParameters"));
    const ask = (principal: typeof blind, ResourceType: string) =>
      as("ec2", principal)("DescribeImageReferences", { ImageIds: [imageId], ResourceTypes: [{ ResourceType }] });

    const instances = await ask(blind, "ec2:Instance");
    const refusal = await refusalOf(ask(blind, "ssm:Parameter"));
    const parameters = await ask(seeing, "ssm:Parameter");
    const directly = await refusalOf(as("ssm", seeing)("GetParameters", { Names: ["/golden"] }));

    expect([instances, parameters]).toEqual([{ ImageReferences: [] }, { ImageReferences: [] }]);
    expect(refusal).toMatchObject({
      code: "UnauthorizedOperation",
      message: expect.stringContaining("ssm:DescribeParameters through ec2-images.amazonaws.com"),
    });
    expect(directly.code).toBe("AccessDeniedException");
  });
});
