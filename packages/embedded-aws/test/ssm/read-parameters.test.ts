import {
  type DeleteParametersCommandOutput,
  type DescribeParametersCommandOutput,
  type GetParameterCommandOutput,
  type GetParametersCommandOutput,
  type LabelParameterVersionCommandOutput,
  paginateGetParametersByPath,
  SSM,
} from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { anAws, FACTORY, OTHER_REGION, REGION, refusalOf, STRANGER } from "../ec2/an-aws.ts";

async function someParameters(names: readonly string[]) {
  const world = anAws();
  const ssm = world.by("ssm");
  for (const name of names) await ssm("PutParameter", { Name: name, Type: "String", Value: `value of ${name}` });
  const client = new SSM({
    region: REGION,
    credentials: { accessKeyId: FACTORY, secretAccessKey: "any" },
    requestHandler: inProcessHandler(world.aws),
  });
  return { ...world, ssm, client };
}

const namesOf = (output: { Parameters?: { Name?: string | undefined }[] | undefined }) =>
  output.Parameters?.map((parameter) => parameter.Name);

describe("parameters by path", () => {
  it("come in pages of ten, through the SDK", async () => {
    const names = Array.from({ length: 12 }, (_, n) => `/golden/image-${n + 10}/stable`);
    const { client } = await someParameters(names);

    const pages: number[] = [];
    for await (const page of paginateGetParametersByPath({ client }, { Path: "/golden", Recursive: true })) {
      pages.push(page.Parameters?.length ?? 0);
    }

    expect(pages).toEqual([10, 2]);
  });

  it("are those one level below, unless recursive", async () => {
    const { ssm } = await someParameters(["/golden/a", "/golden/a/b", "/goldener/c"]);

    const direct = await ssm<GetParametersCommandOutput>("GetParametersByPath", { Path: "/golden/" });
    const all = await ssm<GetParametersCommandOutput>("GetParametersByPath", { Path: "/golden", Recursive: true });

    expect(namesOf(direct)).toEqual(["/golden/a"]);
    expect(namesOf(all)).toEqual(["/golden/a", "/golden/a/b"]);
  });
});

describe("GetParameters", () => {
  it("tells the names that it does not know apart", async () => {
    const { ssm } = await someParameters(["/a"]);

    const found = await ssm<GetParametersCommandOutput>("GetParameters", { Names: ["/a", "/b", "/a:7"] });

    expect(namesOf(found)).toEqual(["/a"]);
    expect(found.InvalidParameters).toEqual(["/b", "/a:7"]);
  });
});

describe("a parameter", () => {
  it("belongs to its account and region", async () => {
    const { by } = await someParameters(["/a"]);

    const stranger = await refusalOf(by("ssm", STRANGER)("GetParameter", { Name: "/a" }));
    const elsewhere = await refusalOf(by("ssm", FACTORY, OTHER_REGION)("GetParameter", { Name: "/a" }));

    expect([stranger.code, elsewhere.code]).toEqual(["ParameterNotFound", "ParameterNotFound"]);
  });

  it("is read by other accounts through its ARN, where they may", async () => {
    const { by } = await someParameters(["/a"]);

    const found = await by("ssm", STRANGER)<GetParameterCommandOutput>("GetParameter", {
      Name: `arn:aws:ssm:${REGION}:${FACTORY}:parameter/a`,
    });

    expect(found.Parameter?.Value).toBe("value of /a");
  });

  it("is found by a label, which lives on one version", async () => {
    const { ssm } = await someParameters(["/a"]);
    await ssm("PutParameter", { Name: "/a", Value: "second", Overwrite: true });
    const label = (input: object) =>
      ssm<LabelParameterVersionCommandOutput>("LabelParameterVersion", { Name: "/a", ...input });

    const first = await label({ ParameterVersion: 1, Labels: ["live", "9lives", "aws-x"] });
    await label({ Labels: ["live"] });
    const live = await ssm<GetParameterCommandOutput>("GetParameter", { Name: "/a:live" });

    expect(first).toEqual({ InvalidLabels: ["9lives", "aws-x"], ParameterVersion: 1 });
    expect(live.Parameter).toMatchObject({ Value: "second", Selector: ":live" });
  });

  it("is refused with AWS's error over the wire", async () => {
    const { client } = await someParameters([]);

    const refusal = client.getParameter({ Name: "/none" });

    await expect(refusal).rejects.toMatchObject({ name: "ParameterNotFound" });
  });

  it("goes when it is deleted", async () => {
    const { ssm } = await someParameters(["/a", "/b"]);

    await ssm("DeleteParameter", { Name: "/a" });
    const rest = await ssm<DeleteParametersCommandOutput>("DeleteParameters", { Names: ["/a", "/b"] });

    expect(rest).toEqual({ DeletedParameters: ["/b"], InvalidParameters: ["/a"] });
    expect((await refusalOf(ssm("DeleteParameter", { Name: "/a" }))).code).toBe("ParameterNotFound");
  });

  it("has tags, by which it is found", async () => {
    const { ssm } = await someParameters(["/a", "/b"]);
    const resource = { ResourceType: "Parameter", ResourceId: "/a" };

    await ssm("AddTagsToResource", { ...resource, Tags: [{ Key: "team", Value: "base" }] });
    const tags = await ssm("ListTagsForResource", resource);
    const found = await ssm<DescribeParametersCommandOutput>("DescribeParameters", {
      ParameterFilters: [{ Key: "tag:team", Values: ["base"] }],
    });

    expect(tags).toEqual({ TagList: [{ Key: "team", Value: "base" }] });
    expect(namesOf(found)).toEqual(["/a"]);
  });
});
