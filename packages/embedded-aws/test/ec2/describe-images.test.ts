import { type DescribeImagesCommandOutput, EC2Client, paginateDescribeImages } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { expectRefusal, refusalOf } from "../expect-refusal.ts";
import { anAws, FACTORY, REGION } from "./an-aws.ts";

function someImages(names: readonly string[]) {
  const world = anAws();
  const ids = names.map((name, index) =>
    registerImage(world.aws, FACTORY, REGION, {
      name,
      architecture: index % 2 ? "arm64" : "x86_64",
      sourceImageId: "ami-00000000000000001",
      blockDeviceMappings: [{ deviceName: "/dev/xvda", encrypted: false, volumeSizeGiB: 8 + index }],
      tags: { index: `${index}`, team: index < 2 ? "base" : "web" },
    }),
  );
  const named = async (filters: Record<string, string[]>, input: object = {}) => {
    const Filters = Object.entries(filters).map(([Name, Values]) => ({ Name, Values }));
    const found = await world.by("ec2")<DescribeImagesCommandOutput>("DescribeImages", { Filters, ...input });
    return found.Images?.map((image) => image.Name);
  };
  return { ...world, ids, named };
}

describe("DescribeImages", () => {
  it.each<[string, Record<string, string[]>, string[]]>([
    ["a name", { name: ["base-2"] }, ["base-2"]],
    ["a name with wildcards", { name: ["base-?", "w*"] }, ["base-1", "base-2", "web"]],
    ["an escaped wildcard, which is a letter", { name: ["base-\\?"] }, []],
    ["special letters, which are letters", { name: ["base.1"] }, []],
    ["several filters, all of them", { architecture: ["arm64"], "tag:team": ["base"] }, ["base-2"]],
    ["a tag's key", { "tag-key": ["inde*"] }, ["base-1", "base-2", "web"]],
    ["a device", { "block-device-mapping.volume-size": ["10"] }, ["web"]],
    ["the source", { "source-image-id": ["ami-00000000000000001"] }, ["base-1", "base-2", "web"]],
    ["the creation date's beginning", { "creation-date": ["2026-04-01T*"] }, ["base-1", "base-2", "web"]],
    ["state and owner", { state: ["available"], "owner-id": [FACTORY] }, ["base-1", "base-2", "web"]],
    ["what nothing is", { platform: ["windows"] }, []],
  ])("filters by %s", async (_, filters, expected) => {
    const { named } = someImages(["base-1", "base-2", "web"]);

    const found = await named(filters);

    expect(found).toEqual(expected);
  });

  it("refuses filters it has not got, and owners that are none", async () => {
    const { named } = someImages([]);

    await expectRefusal(named({ colour: ["red"] }), "InvalidParameterValue", "The filter 'colour' is invalid");
    await expectRefusal(named({}, { Owners: ["me"] }), "InvalidParameterValue");
  });

  it("names every image that isn't there", async () => {
    const { ids, named } = someImages(["base-1"]);

    await expectRefusal(
      named({}, { ImageIds: [...ids, "ami-0123456789abcdef0", "ami-0123456789abcdef1"] }),
      "InvalidAMIID.NotFound",
      "The image ids '[ami-0123456789abcdef0, ami-0123456789abcdef1]' do not exist",
    );
  });

  it("pages through the SDK, over the wire", async () => {
    const { aws } = someImages(["image-1", "image-2", "image-3"]);
    const client = new EC2Client({
      region: REGION,
      credentials: { accessKeyId: FACTORY, secretAccessKey: "any" },
      requestHandler: inProcessHandler(aws),
    });

    const pages: (string | undefined)[][] = [];
    for await (const page of paginateDescribeImages({ client, pageSize: 2 }, { Owners: ["self"] })) {
      pages.push((page.Images ?? []).map((image) => image.Name));
    }

    expect(pages).toEqual([["image-1", "image-2"], ["image-3"]]);
  });

  it("refuses a token that no page gave", async () => {
    const { named } = someImages(["image-1"]);

    await expectRefusal(named({}, { MaxResults: 1, NextToken: "nonsense" }), "InvalidPaginationToken");
  });

  it("ends a dry run with DryRunOperation, status 412", async () => {
    const { named } = someImages([]);

    const refusal = await refusalOf(named({}, { DryRun: true }));

    expect(refusal).toMatchObject({ code: "DryRunOperation", status: 412 });
  });
});
