import { createHash } from "node:crypto";
import type { FunctionConfiguration, GetFunctionResponse } from "@aws-sdk/client-lambda";
import { zipSync } from "fflate";
import { describe, expect, it, onTestFinished, test } from "vitest";
import { policyAuthorizer } from "../../src/authorization/policy-authorizer.ts";
import { rolePrincipal } from "../../src/engine/principal.ts";
import { closeLambda } from "../../src/services/lambda/runner.ts";
import { containing, expectRefusal } from "../expect-refusal.ts";
import { allow, grant, makeRole } from "../policy.ts";
import { ACCOUNT, newLambda, REGION } from "./new-lambda.ts";

const zip = (files: Readonly<Record<string, string>>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, Buffer.from(text)])));
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");
const answering = (answer: string) =>
  zip({ "index.mjs": `export const handler = async () => ${JSON.stringify(answer)};` });

const FunctionName = "f";
const Role = `arn:aws:iam::${ACCOUNT}:role/function`;

async function open(where = "in workers", authorizer?: ReturnType<typeof policyAuthorizer>) {
  const lambda = newLambda(authorizer);
  const { aws, call, during } = lambda;
  onTestFinished(() => closeLambda(aws));
  if (where === "in this thread") lambda.inThisThread();
  await makeRole(aws, ACCOUNT, "function", { Service: "lambda.amazonaws.com" });
  const create = (Code: object, more: object = {}) =>
    call<FunctionConfiguration>("CreateFunction", {
      FunctionName,
      Role,
      Runtime: "nodejs22.x",
      Handler: "index.handler",
      Code,
      ...more,
    });
  return {
    ...lambda,
    create,
    start: lambda.invoke,
    invoke: (...asked: Parameters<typeof lambda.invoke>) => during(lambda.invoke(...asked)),
    update: (input: object) => call<FunctionConfiguration>("UpdateFunctionCode", { FunctionName, ...input }),
    described: () => call<GetFunctionResponse>("GetFunction", { FunctionName }),
  };
}

describe.each(["in workers", "in this thread"])("a function from an archive %s", (where) => {
  const programs: [string, Record<string, string>, string][] = [
    ["an ES module", { "index.mjs": "export const handler = async (event) => event.n + 1;" }, "index.handler"],
    ["a CommonJS module", { "index.js": "exports.handler = async (event) => event.n + 1;" }, "index.handler"],
    [
      "a CommonJS module whose exports Node does not see",
      { "index.cjs": "module.exports = ((all) => all)({ handler: async ({ n }) => n + 1 });" },
      "index.handler",
    ],
    [
      "modules of packages, in a folder",
      {
        "src/app.js": 'import { plus } from "plus";\nexport const run = async ({ n }) => plus(n, 1);',
        "node_modules/plus/index.js": "exports.plus = (a, b) => a + b;",
        "node_modules/plus/package.json": '{"name":"plus"}',
        "package.json": '{"type":"module"}',
      },
      "src/app.run",
    ],
    [
      "the AWS SDK, which the runtime has",
      {
        "index.mjs":
          'import { STSClient } from "@aws-sdk/client-sts";\nexport const handler = async ({ n }) => (STSClient ? n + 1 : 0);',
      },
      "index.handler",
    ],
  ];
  it.each(programs)("runs %s", async (_, files, Handler) => {
    const { create, invoke } = await open(where);
    await create({ ZipFile: zip(files) }, { Handler });

    expect(await invoke(FunctionName, { n: 1 })).toMatchObject({ payload: 2 });
  });

  it("runs what it is updated with", async () => {
    const { create, invoke, update } = await open(where);
    await create({ ZipFile: answering("first") });
    const first = await invoke(FunctionName);

    await update({ ZipFile: answering("second") });

    expect([first.payload, (await invoke(FunctionName)).payload]).toEqual(["first", "second"]);
  });

  it("runs another handler of its archive when its configuration says so", async () => {
    const { call, create, invoke } = await open(where);
    const files = { "one.mjs": "export const run = async () => 1;", "two.mjs": "export const run = async () => 2;" };
    await create({ ZipFile: zip(files) }, { Handler: "one.run" });
    const one = await invoke(FunctionName);

    await call("UpdateFunctionConfiguration", { FunctionName, Handler: "two.run" });

    expect([one.payload, (await invoke(FunctionName)).payload]).toEqual([1, 2]);
  });

  it("fails as in Lambda if its handler does not exist", async () => {
    const { create, invoke } = await open(where);
    await create({ ZipFile: answering("x") }, { Handler: "none.handler" });

    expect(await invoke(FunctionName)).toMatchObject({
      error: "Unhandled",
      payload: { errorType: "Runtime.ImportModuleError" },
    });
  });
});

test("a function from an archive is described with its code", async () => {
  const { create, described } = await open();
  const ZipFile = answering("x");

  const made = await create({ ZipFile }, { MemorySize: 256, Timeout: 9, Tags: { team: "images" } });

  const Configuration = { CodeSha256: sha256(ZipFile), CodeSize: ZipFile.length, MemorySize: 256, Timeout: 9 };
  expect(made).toMatchObject({ ...Configuration, Version: "$LATEST", State: "Active", PackageType: "Zip" });
  expect(await described()).toMatchObject({
    Configuration,
    Code: { RepositoryType: "S3", Location: expect.stringMatching(/^https:\/\/awslambda-eu-west-1-tasks\.s3\./) },
    Tags: { team: "images" },
  });
});

test("an archive can be in S3, and is fetched with the caller's permissions", async () => {
  const { aws, of, create, invoke, update } = await open("in workers", policyAuthorizer());
  const s3 = of("s3");
  const ZipFile = answering("from S3");
  const there = { S3Bucket: "archives", S3Key: "f.zip" };
  const location = { CreateBucketConfiguration: { LocationConstraint: REGION } };
  await s3("CreateBucket", { Bucket: "archives", ...location });
  await s3("PutObject", { Bucket: "archives", Key: "f.zip", Body: ZipFile });

  expect(await create(there)).toMatchObject({ CodeSha256: sha256(ZipFile) });
  expect(await invoke(FunctionName)).toMatchObject({ payload: "from S3" });
  await expectRefusal(
    update({ ...there, S3Key: "none.zip" }),
    "InvalidParameterValueException",
    "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.",
  );
  await grant(aws, ACCOUNT, "function", allow("lambda:*"));
  await expectRefusal(
    aws.call(
      "lambda",
      "UpdateFunctionCode",
      { FunctionName, ...there },
      { principal: rolePrincipal(Role, "session"), region: REGION },
    ),
    "InvalidParameterValueException",
    expect.stringMatching(
      /^Your access has been denied by S3, please make sure your request credentials have permission to GetObject for archives\/f\.zip\. S3 Error Code: AccessDenied\./,
    ),
  );
});

test("a dry run returns the result, and changes nothing", async () => {
  const { create, described, update } = await open();
  const [before, after] = [answering("before"), answering("after")];
  await create({ ZipFile: before });

  expect(await update({ ZipFile: after, DryRun: true })).toMatchObject({ CodeSha256: sha256(after) });

  expect(await described()).toMatchObject({ Configuration: { CodeSha256: sha256(before) } });
});

test("code is updated only where the revision is the one that is named", async () => {
  const { create, update } = await open();
  const { RevisionId } = await create({ ZipFile: answering("x") });
  const updated = await update({ ZipFile: answering("y"), RevisionId });

  expect(updated.RevisionId).not.toBe(RevisionId);
  await expectRefusal(update({ ZipFile: answering("z"), RevisionId }), "PreconditionFailedException");
});

test("a function of another runtime can be deployed, and is not run", async () => {
  const { create, described, start } = await open();

  await create(
    { ZipFile: zip({ "app.py": "def run(event, context): return 1" }) },
    { Runtime: "python3.13", Handler: "app.run" },
  );

  expect(await described()).toMatchObject({ Configuration: { Runtime: "python3.13", State: "Active" } });
  for (const InvocationType of ["RequestResponse", "Event"] as const) {
    await expectRefusal(
      start(FunctionName, {}, { InvocationType }),
      "NotImplemented",
      containing("runtime python3.13"),
    );
  }
});

test("the only version of a function is the newest", async () => {
  const { call, create } = await open();
  const { FunctionArn } = await create({ ZipFile: answering("x") });

  expect(await call("ListVersionsByFunction", { FunctionName })).toMatchObject({
    Versions: [{ Version: "$LATEST", FunctionArn: `${FunctionArn}:$LATEST` }],
  });
  await expectRefusal(call("ListVersionsByFunction", { FunctionName: "none" }), "ResourceNotFoundException");
});

describe("a function is not created", () => {
  const ZipFile = answering("x");
  const UNREADABLE = "Could not unzip uploaded file. Please check your file, then try to upload again.";
  const wrong: [string, object, object, string][] = [
    ["from bytes that are not an archive", { ZipFile: Buffer.from("PK") }, {}, UNREADABLE],
    ["from a cut archive", { ZipFile: ZipFile.subarray(0, ZipFile.length - 9) }, {}, UNREADABLE],
    ["from an empty archive", { ZipFile: zip({}) }, {}, UNREADABLE],
    ["from files outside its folder", { ZipFile: zip({ "../../out.js": "" }) }, {}, UNREADABLE],
    ["from nothing", {}, {}, "Please provide a source for function code."],
    [
      "from two sources",
      { ZipFile, S3Bucket: "archives", S3Key: "f.zip" },
      {},
      "Please do not provide other FunctionCode parameters when providing a ZipFile.",
    ],
    [
      "without a runtime",
      { ZipFile },
      { Runtime: undefined },
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    ],
  ];
  it.each(wrong)("%s", async (_, code, more, message) => {
    const { create } = await open();

    await expectRefusal(create(code, more), "InvalidParameterValueException", message);
  });

  it("with a name in use", async () => {
    const { create } = await open();
    await create({ ZipFile });

    await expectRefusal(create({ ZipFile }), "ResourceConflictException", "Function already exist: f");
  });

  it.each([
    ["PackageType Image", { PackageType: "Image" }],
    ["Publish", { Publish: true }],
    ["Layers", { Layers: ["arn:aws:lambda:eu-west-1:111122223333:layer:l:1"] }],
  ])("with %s, which is not built", async (what, more) => {
    const { create } = await open();

    await expectRefusal(create({ ZipFile }, more), "NotImplemented", containing(what));
  });
});
