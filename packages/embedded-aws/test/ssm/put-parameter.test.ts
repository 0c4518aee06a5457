import { type GetParametersCommandOutput, paginateGetParametersByPath, SSM } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { anAws, FACTORY, OTHER_REGION, REGION, STRANGER } from "../ec2/an-aws.ts";
import { expectRefusal, refusalOf } from "../expect-refusal.ts";

function aParameterStore() {
  const world = anAws();
  const ssm = world.by("ssm");
  const put = (Name: string, input: object = {}) => ssm("PutParameter", { Name, Type: "String", Value: "v", ...input });
  const get = async (Name: string, input: object = {}) => (await ssm("GetParameter", { Name, ...input })).Parameter;
  return { ...world, ssm, put, get };
}

describe("PutParameter", () => {
  it("writes a version, and the next one only with Overwrite", async () => {
    const { put, get } = aParameterStore();

    const first = await put("/golden/stable", { Value: "one" });
    await expectRefusal(put("/golden/stable", { Value: "two" }), "ParameterAlreadyExists");
    const second = await put("/golden/stable", { Value: "two", Overwrite: true });

    expect(first).toEqual({ Version: 1, Tier: "Standard" });

    expect(second.Version).toBe(2);
    expect(await get("/golden/stable")).toMatchObject({
      Value: "two",
      Version: 2,
      DataType: "text",
      ARN: "arn:aws:ssm:eu-west-1:111122223333:parameter/golden/stable",
    });
    expect(await get("/golden/stable:1")).toMatchObject({ Value: "one", Selector: ":1" });
  });

  it.each<[string, string, object, string, RegExp]>([
    ["a reserved name", "/aws/x", {}, "AccessDeniedException", /^No access to reserved parameter name: aws\/x\.$/],
    ["a reserved name in capitals", "AWSome", {}, "AccessDeniedException", /reserved/],
    ["a name that begins with ssm", "/SSM/x", {}, "ValidationException", /can't be prefixed with "ssm"/],
    ["letters that no name has", "/a b", {}, "ValidationException", /letters, numbers/],
    ["a path without its first slash", "a/b", {}, "ValidationException", /fully qualified/],
    [
      "more than 15 levels",
      `/${Array.from({ length: 16 }, () => "l").join("/")}`,
      {},
      "HierarchyLevelLimitExceededException",
      /15 levels/,
    ],
    ["no type", "/x", { Type: undefined }, "ValidationException", /A parameter type is required/],
    ["an unknown type", "/x", { Type: "Number" }, "ValidationException", /'Number' at 'type'.*enum value set/],
    ["an unknown data type", "/x", { DataType: "ami" }, "ValidationException", /not supported: ami/],
    ["an empty value", "/x", { Value: "" }, "ValidationException", /length greater than or equal to 1/],
    ["a large value", "/x", { Value: "v".repeat(4097) }, "ValidationException", /maximum parameter value of 4096/],
    [
      "a value against its pattern",
      "/x",
      { AllowedPattern: "^\\d+$" },
      "ParameterPatternMismatchException",
      /allowedPattern/,
    ],
    [
      "tags with overwrite",
      "/x",
      { Overwrite: true, Tags: [{ Key: "a", Value: "b" }] },
      "ValidationException",
      /tags and overwrite can't be used together/,
    ],
  ])("refuses %s", async (_, name, input, code, message) => {
    const { put } = aParameterStore();

    await expectRefusal(put(name, input), code, expect.stringMatching(message));
  });

  it("refuses to change type, data type, and tier downwards", async () => {
    const { put } = aParameterStore();
    await put("/x", { Tier: "Advanced" });

    const type = await refusalOf(put("/x", { Type: "StringList", Overwrite: true }));
    const dataType = await refusalOf(put("/x", { DataType: "aws:ec2:image", Overwrite: true }));
    const tier = await refusalOf(put("/x", { Tier: "Standard", Overwrite: true }));

    expect([type.code, dataType.code, tier.code]).toEqual([
      "HierarchyTypeMismatch",
      "ValidationException",
      "ValidationException",
    ]);
  });

  it("takes large values in the advanced tier, which intelligent tiering chooses", async () => {
    const { put } = aParameterStore();

    const written = await put("/x", { Value: "v".repeat(5000), Tier: "Intelligent-Tiering" });

    expect(written.Tier).toBe("Advanced");
  });

  it("keeps a hundred versions, and stops at a label on the oldest", async () => {
    const { put, ssm } = aParameterStore();
    for (let version = 1; version <= 101; version++) await put("/x", { Value: `${version}`, Overwrite: true });

    await expectRefusal(ssm("GetParameter", { Name: "/x:1" }), "ParameterVersionNotFound");
    await ssm("LabelParameterVersion", { Name: "/x", ParameterVersion: 2, Labels: ["old"] });
    await expectRefusal(put("/x", { Overwrite: true }), "ParameterMaxVersionLimitExceeded");
    const history = await ssm("GetParameterHistory", { Name: "/x", MaxResults: 1 });

    expect(history.Parameters).toMatchObject([{ Version: 2, Labels: ["old"] }]);
    expect(history.NextToken).toBeDefined();
  });

  it("hides the value of a SecureString from who does not ask for decryption", async () => {
    const { put, get } = aParameterStore();

    await put("/secret", { Type: "SecureString", Value: "open sesame" });

    expect((await get("/secret"))?.Value).not.toContain("sesame");
    expect((await get("/secret", { WithDecryption: true }))?.Value).toBe("open sesame");
  });
});

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

    const found = await ssm("GetParameters", { Names: ["/a", "/b", "/a:7"] });

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

    const found = await by("ssm", STRANGER)("GetParameter", { Name: `arn:aws:ssm:${REGION}:${FACTORY}:parameter/a` });

    expect(found.Parameter?.Value).toBe("value of /a");
  });

  it("is found by a label, which lives on one version", async () => {
    const { ssm } = await someParameters(["/a"]);
    await ssm("PutParameter", { Name: "/a", Value: "second", Overwrite: true });
    const label = (input: object) => ssm("LabelParameterVersion", { Name: "/a", ...input });

    const first = await label({ ParameterVersion: 1, Labels: ["live", "9lives", "aws-x"] });
    await label({ Labels: ["live"] });
    const live = await ssm("GetParameter", { Name: "/a:live" });

    expect(first).toEqual({ InvalidLabels: ["9lives", "aws-x"], ParameterVersion: 1 });
    expect(live.Parameter).toMatchObject({ Value: "second", Selector: ":live" });
  });

  it("goes when it is deleted", async () => {
    const { ssm } = await someParameters(["/a", "/b"]);

    await ssm("DeleteParameter", { Name: "/a" });
    const rest = await ssm("DeleteParameters", { Names: ["/a", "/b"] });

    expect(rest).toEqual({ DeletedParameters: ["/b"], InvalidParameters: ["/a"] });
    await expectRefusal(ssm("DeleteParameter", { Name: "/a" }), "ParameterNotFound");
  });

  it("has tags, by which it is found", async () => {
    const { ssm } = await someParameters(["/a", "/b"]);
    const resource = { ResourceType: "Parameter", ResourceId: "/a" };

    await ssm("AddTagsToResource", { ...resource, Tags: [{ Key: "team", Value: "base" }] });
    const tags = await ssm("ListTagsForResource", resource);
    const found = await ssm("DescribeParameters", { ParameterFilters: [{ Key: "tag:team", Values: ["base"] }] });

    expect(tags).toEqual({ TagList: [{ Key: "team", Value: "base" }] });
    expect(namesOf(found)).toEqual(["/a"]);
  });
});
