import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type {
  CreateDistributionConfigurationCommandOutput,
  DistributeImageCommandOutput,
} from "@aws-sdk/client-imagebuilder";
import { describe, expect, test } from "vitest";
import { allow, grant, makeRole } from "../policy.ts";
import { ACCOUNT, aBuilder, builderArn, OTHER_REGION, REGION } from "./builder.ts";

const EXECUTION_ROLE = `arn:aws:iam::${ACCOUNT}:role/aws-service-role/imagebuilder.amazonaws.com/AWSServiceRoleForImageBuilder`;

/** A built image, and a configuration that takes its AMI to the other region. */
async function aBuiltImage(distribution: object = {}) {
  const builder = await aBuilder();
  const { start, pipeline, pass, image, builder: call } = builder;
  const arn = await start(await pipeline());
  await pass(60);
  const ami = (await image(arn)).outputResources?.amis?.[0];
  const made = await call<CreateDistributionConfigurationCommandOutput>("CreateDistributionConfiguration", {
    name: "acme-base-us-east-1",
    distributions: [{ region: OTHER_REGION, ...distribution }],
  });
  builder.events.length = 0;
  const configuration = made.distributionConfigurationArn ?? "";
  const distribute = async (sourceImage: string, more: object = {}): Promise<string> => {
    const input = { sourceImage, distributionConfigurationArn: configuration, executionRole: EXECUTION_ROLE, ...more };
    const { imageBuildVersionArn = "" } = await call<DistributeImageCommandOutput>("DistributeImage", input);
    return imageBuildVersionArn;
  };
  return { ...builder, arn, configuration, distribute, amiId: ami?.image ?? "", amiName: ami?.name ?? "" };
}

describe("DistributeImage", () => {
  test("makes an image named after the source AMI, with its own events, and copies into the region", async () => {
    const { call, distribute, amiId, amiName, image, pass, transitions } = await aBuiltImage();

    const copy = await distribute(amiId);
    await pass(60);

    const name = amiName.toLowerCase().replaceAll(/[^a-z0-9-]/g, "-");
    const found = await image(copy);
    expect(copy).toBe(builderArn(`image/${name}/1.0.0/1`));
    expect(transitions()).toEqual([
      `PENDING > DISTRIBUTING ${name}/1.0.0/1`,
      `DISTRIBUTING > AVAILABLE ${name}/1.0.0/1`,
    ]);
    expect(found.outputResources?.amis).toEqual([
      { region: OTHER_REGION, image: expect.stringMatching(/^ami-/), name: expect.any(String), accountId: ACCOUNT },
    ]);
    const ids = [found.outputResources?.amis?.[0]?.image];
    const copies = await call<DescribeImagesCommandOutput>("ec2", "DescribeImages", { ImageIds: ids }, OTHER_REGION);
    expect(copies.Images?.[0]).toMatchObject({ State: "available", SourceImageId: amiId, SourceImageRegion: REGION });
  });

  test("keeps the AMI's watermarks", async () => {
    const { call, distribute, amiId, image, pass } = await aBuiltImage();
    await call("ec2", "AttachImageWatermark", { ImageId: amiId, WatermarkName: "amint-candidate" });

    const copy = await image(await distribute(amiId).finally(() => pass(60)));

    const ids = [copy.outputResources?.amis?.[0]?.image];
    const copies = await call<DescribeImagesCommandOutput>("ec2", "DescribeImages", { ImageIds: ids }, OTHER_REGION);
    expect(copies.Images?.[0]?.ImageWatermarks).toMatchObject([
      { WatermarkKey: `${ACCOUNT}:amint-candidate`, SourceImageId: amiId, SourceImageRegion: REGION },
    ]);
  });

  test("of an image's ARN makes that image's next build version", async () => {
    const { distribute, arn } = await aBuiltImage();

    const copy = await distribute(arn);

    expect(copy).toBe(builderArn("image/acme-base/1.0.0/2"));
  });

  test("is answered once per client token", async () => {
    const { distribute, amiId } = await aBuiltImage();

    const first = await distribute(amiId, { clientToken: "token" });
    const again = await distribute(amiId, { clientToken: "token" });

    expect(again).toBe(first);
  });

  test("fills in the AMI's name and tags, shares it and writes its parameter", async () => {
    const { call, distribute, amiId, image, pass, transitions } = await aBuiltImage({
      amiDistributionConfiguration: {
        name: "acme {{ imagebuilder:buildDate }}",
        amiTags: { built: "{{ imagebuilder:buildDate:yyyyMMdd }}" },
        launchPermission: { userIds: ["444455556666"] },
      },
      ssmParameterConfigurations: [{ parameterName: "/imagebuilder/acme/latest", dataType: "aws:ec2:image" }],
    });

    const copy = await distribute(amiId);
    await pass(60);

    const ami = (await image(copy)).outputResources?.amis?.[0];
    const ids = { ImageIds: [ami?.image] };
    const described = await call<DescribeImagesCommandOutput>("ec2", "DescribeImages", ids, OTHER_REGION);
    const shares = { ImageId: ami?.image, Attribute: "launchPermission" };
    expect(ami?.name).toMatch(/^acme 2026-04-01T\d\d-\d\d-\d\d\.\d{6}Z$/);
    expect(described.Images?.[0]?.Tags).toContainEqual({ Key: "built", Value: "20260401" });
    expect(await call("ec2", "DescribeImageAttribute", shares, OTHER_REGION)).toMatchObject({
      LaunchPermissions: [{ UserId: "444455556666" }],
    });
    expect(await call("ssm", "GetParameter", { Name: "/imagebuilder/acme/latest" }, OTHER_REGION)).toMatchObject({
      Parameter: { Value: ami?.image },
    });
    expect(transitions().map((one) => one.split(" ").slice(0, 3).join(" "))).toEqual([
      "PENDING > DISTRIBUTING",
      "DISTRIBUTING > INTEGRATING",
      "INTEGRATING > AVAILABLE",
    ]);
  });

  test("fails naming the region and what EC2 said", async () => {
    const { distribute, amiId, image, pass } = await aBuiltImage({
      amiDistributionConfiguration: { kmsKeyId: `arn:aws:kms:${OTHER_REGION}:${ACCOUNT}:key/none` },
    });

    const copy = await distribute(amiId);
    await pass(60);

    expect((await image(copy)).state).toMatchObject({
      status: "FAILED",
      reason: expect.stringContaining(`In region '${OTHER_REGION}'`),
      failureContext: {
        imageStatus: "DISTRIBUTING",
        failedStep: "DistributeImage",
        distributionFailure: { regionFailures: [{ region: OTHER_REGION, status: "FAILED" }] },
      },
    });
  });

  test("needs iam:PassRole on its role, the configuration and the image", async () => {
    const { aws, call, configuration, amiId } = await aBuiltImage();
    const distributor = await makeRole(aws, ACCOUNT, "distributor", { AWS: "*" });
    const act = () =>
      call(
        "imagebuilder",
        "DistributeImage",
        { sourceImage: amiId, distributionConfigurationArn: configuration, executionRole: EXECUTION_ROLE },
        REGION,
        distributor,
      );
    const distributing = [
      allow("imagebuilder:DistributeImage", builderArn("image/*")),
      allow("imagebuilder:GetDistributionConfiguration", configuration),
    ];

    await grant(aws, ACCOUNT, "distributor", ...distributing);
    await expect(act()).rejects.toThrow("iam:PassRole");
    await grant(aws, ACCOUNT, "distributor", ...distributing, allow("iam:PassRole", EXECUTION_ROLE));
    await expect(act()).resolves.toMatchObject({ imageBuildVersionArn: expect.any(String) });
  });
});

test("A pipeline with a distribution configuration passes DISTRIBUTING after its tests", async () => {
  const { builder, pipeline, start, image, pass, transitions } = await aBuilder();
  const { distributionConfigurationArn } = await builder("CreateDistributionConfiguration", {
    name: "both",
    distributions: [{ region: REGION }, { region: OTHER_REGION }],
  });
  const arn = await start(await pipeline({ pipeline: { distributionConfigurationArn } }));

  await pass(90);

  expect(transitions().slice(-2)).toEqual([
    "TESTING > DISTRIBUTING acme-base/1.0.0/1",
    "DISTRIBUTING > AVAILABLE acme-base/1.0.0/1",
  ]);
  expect((await image(arn)).outputResources?.amis?.map(({ region }) => region)).toEqual([REGION, OTHER_REGION]);
});
