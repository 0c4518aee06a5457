import type { DescribeImagesCommandOutput } from "@aws-sdk/client-ec2";
import type { GetParameterCommandOutput, GetParametersByPathCommandOutput } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { releasePublicImage, seedPublicImages } from "../../src/services/ec2/release-public-image.ts";
import { anAws, OTHER_REGION, REGION, STRANGER } from "./an-aws.ts";

const AL2023 = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64";

function aSeededAws() {
  const world = anAws();
  seedPublicImages(world.aws, [REGION, OTHER_REGION]);
  const parameter = async (name: string, region = REGION) =>
    (await world.by("ssm", STRANGER, region)<GetParameterCommandOutput>("GetParameter", { Name: name })).Parameter;
  const images = async (input: object, region = REGION) =>
    (await world.by("ec2", STRANGER, region)<DescribeImagesCommandOutput>("DescribeImages", input)).Images ?? [];
  return { ...world, parameter, images };
}

describe("public images", () => {
  it.each([
    [AL2023, "al2023-ami-2023.11.20260401.0-kernel-6.1-x86_64"],
    [AL2023.replace("x86_64", "arm64"), "al2023-ami-2023.11.20260401.0-kernel-6.1-arm64"],
    [
      "/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id",
      "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260401",
    ],
    [
      "/aws/service/canonical/ubuntu/server/22.04/stable/current/arm64/hvm/ebs-gp2/ami-id",
      "ubuntu/images/hvm-ssd/ubuntu-jammy-22.04-arm64-server-20260401",
    ],
    [
      "/aws/service/ami-windows-latest/Windows_Server-2022-English-Full-Base",
      "Windows_Server-2022-English-Full-Base-2026.04.01",
    ],
    ["/aws/service/debian/release/12/latest/amd64", "debian-12-amd64-20260401-2434"],
    ["/aws/service/debian/release/13/latest/arm64", "debian-13-arm64-20260401-2434"],
  ])("are found by every account through %s", async (name, imageName) => {
    const { parameter, images } = aSeededAws();

    const found = await parameter(name);
    const [image] = await images({ ImageIds: [found?.Value] });

    expect(found?.ARN).toBe(`arn:aws:ssm:${REGION}::parameter${name}`);
    expect(image).toMatchObject({ Name: imageName, Public: true, ImageOwnerAlias: "amazon" });
    expect(image?.PublicSsmParameterName).toBe(name);
  });

  it("have ids of their own in each region", async () => {
    const { parameter } = aSeededAws();

    const [here, there] = [await parameter(AL2023), await parameter(AL2023, OTHER_REGION)];

    expect(here?.Value).not.toBe(there?.Value);
  });

  it("are listed by owner", async () => {
    const { images } = aSeededAws();

    expect(await images({ Owners: ["099720109477"] })).toHaveLength(8);
    expect(await images({ Owners: ["amazon"], Filters: [{ Name: "platform", Values: ["windows"] }] })).toHaveLength(4);
    expect(
      await images({ Owners: ["309956199498"], Filters: [{ Name: "name", Values: ["RHEL-9*_HVM-*"] }] }),
    ).toHaveLength(2);
    expect(await images({ Owners: ["self"] })).toEqual([]);
  });

  it("move their parameter when a newer one is released, and stay", async () => {
    const { aws, parameter, images } = aSeededAws();
    const before = await parameter(AL2023);

    const released = releasePublicImage(aws, {
      family: "al2023",
      architecture: "x86_64",
      regions: [REGION],
      version: "2023.11.20260413.0",
    });
    const after = await parameter(AL2023);

    expect(after).toMatchObject({ Value: released[REGION], Version: 2 });
    expect(await images({ ImageIds: [before?.Value, after?.Value] })).toHaveLength(2);
  });

  it("are listed by path, and their parameters can't be written by accounts", async () => {
    const { by } = aSeededAws();
    const ssm = by("ssm", STRANGER);

    const found = await ssm<GetParametersByPathCommandOutput>("GetParametersByPath", {
      Path: "/aws/service/ami-amazon-linux-latest",
    });

    expect(found.Parameters).toHaveLength(4);
    await expect(ssm("PutParameter", { Name: AL2023, Value: "x", Type: "String", Overwrite: true })).rejects.toThrow(
      "No access to reserved parameter name",
    );
  });
});
