import { zipSync } from "fflate";
import { answered, bytes, type FactoryCall, ofService, PRESENT, refused } from "../factory-call.ts";

const FunctionName = "count";
const arn = "arn:aws:lambda:eu-west-1:111122223333:function:count";
const permission = {
  FunctionName,
  StatementId: "events",
  Action: "lambda:InvokeFunction",
  Principal: "events.amazonaws.com",
  SourceArn: "arn:aws:events:eu-west-1:111122223333:rule/builds",
};
const gone = "404 ResourceNotFoundException: Function not found: arn:aws:lambda:";

/** An archive in ASCII, since bytes are text here: some checksum is. */
function asciiArchive(): string {
  for (let tries = 0; ; tries++) {
    const source = Buffer.from(`export const handler = () => ${tries};`);
    const archive = zipSync({ "index.mjs": [source, { level: 0, mtime: new Date(1980, 0, 1) }] });
    if (archive.every((byte) => byte < 128)) return Buffer.from(archive).toString();
  }
}

const ZIP = asciiArchive();
const ZipFile = bytes(ZIP);
const Role = "arn:aws:iam::111122223333:role/machine";

/** Calls of the existing function `count`, which counts its invocations. */
export const FUNCTION_CALLS: readonly FactoryCall[] = ofService("lambda", [
  answered("GetFunction", { FunctionName }).says({ "Configuration.FunctionArn": arn }),
  refused("GetFunction", { FunctionName: "none" }).with(gone),
  answered(
    "CreateFunction",
    { FunctionName: "unpacked", Role, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile } },
    { since: 2025 },
  ).says({ CodeSha256: PRESENT, CodeSize: ZIP.length }),
  refused("CreateFunction", {
    FunctionName: "broken",
    Role,
    Runtime: "nodejs18.x",
    Handler: "a.handler",
    Code: { ZipFile: bytes("PK") },
  }).with("400 InvalidParameterValueException: Could not unzip uploaded file."),
  answered("UpdateFunctionCode", { FunctionName: "unpacked", ZipFile, DryRun: true }, { since: 2025 }).says({
    CodeSize: ZIP.length,
  }),
  answered("ListVersionsByFunction", { FunctionName }).says({ "Versions.0.Version": "$LATEST" }),
  answered("GetFunctionCodeSigningConfig", { FunctionName }).says({ FunctionName }),
  answered("GetFunctionConfiguration", { FunctionName }).says({ Handler: "echo.counting", Timeout: 3 }),
  answered("UpdateFunctionConfiguration", {
    FunctionName,
    Timeout: 4,
    Environment: { Variables: { TEAM: "images + more/é" } },
  }).says({ Timeout: 4, "Environment.Variables.TEAM": "images + more/é", LastUpdateStatus: "Successful" }),
  refused("UpdateFunctionConfiguration", { FunctionName, RevisionId: "00000000-0000-0000-0000-000000000000" }).with(
    "412 PreconditionFailedException: The Revision Id provided does not match",
  ),
  refused("UpdateFunctionConfiguration", {
    FunctionName,
    Environment: { Variables: { AWS_REGION: "eu-west-1" } },
  }).with("400 InvalidParameterValueException: Reserved keys used in this request: AWS_REGION"),
  answered("ListFunctions").says({ "Functions.0.FunctionName": FunctionName }),
  refused("Invoke", { FunctionName: "none", Payload: bytes("{}") }).with(gone),
  answered("Invoke", { FunctionName, Payload: bytes('{"n":"é"}') }).says({ StatusCode: 200, Payload: "1" }),
  answered("Invoke", { FunctionName, InvocationType: "DryRun" }).says({ StatusCode: 204 }),
  refused("Invoke", { FunctionName, Payload: bytes("{") }).with(
    "400 InvalidRequestContentException: Could not parse request body into json",
  ),
  answered("AddPermission", permission).says({ Statement: PRESENT }),
  refused("AddPermission", permission).with(
    "409 ResourceConflictException: The statement id (events) provided already exists.",
  ),
  answered("GetPolicy", { FunctionName }).says({ Policy: PRESENT }),
  answered("RemovePermission", { FunctionName, StatementId: "events" }),
  refused("GetPolicy", { FunctionName }).with(
    "404 ResourceNotFoundException: The resource you requested does not exist.",
  ),
  answered("PutFunctionConcurrency", { FunctionName, ReservedConcurrentExecutions: 1 }).says({
    ReservedConcurrentExecutions: 1,
  }),
  answered("GetFunctionConcurrency", { FunctionName }).says({ ReservedConcurrentExecutions: 1 }),
  answered("DeleteFunctionConcurrency", { FunctionName }),
  answered("PutFunctionRecursionConfig", { FunctionName, RecursiveLoop: "Allow" }, { since: 2025 }).says({
    RecursiveLoop: "Allow",
  }),
  answered("GetFunctionRecursionConfig", { FunctionName }, { since: 2025 }).says({ RecursiveLoop: "Allow" }),
  answered("PutFunctionEventInvokeConfig", { FunctionName, MaximumRetryAttempts: 0 }).says({ MaximumRetryAttempts: 0 }),
  answered("GetFunctionEventInvokeConfig", { FunctionName }).says({ MaximumRetryAttempts: 0, LastModified: PRESENT }),
  answered("DeleteFunctionEventInvokeConfig", { FunctionName }),
  refused("GetFunctionEventInvokeConfig", { FunctionName }).with(
    "404 ResourceNotFoundException: doesn't have an EventInvokeConfig",
  ),
  answered(
    "CreateFunctionUrlConfig",
    { FunctionName, AuthType: "NONE", Cors: { AllowOrigins: ["https://a.example"], MaxAge: 60 } },
    { since: 2022 },
  ).says({ FunctionUrl: PRESENT, FunctionArn: arn, AuthType: "NONE", "Cors.MaxAge": 60, CreationTime: PRESENT }),
  refused("CreateFunctionUrlConfig", { FunctionName, AuthType: "NONE" }, { since: 2022 }).with(
    "409 ResourceConflictException: FunctionUrlConfig exists for this Lambda function",
  ),
  answered(
    "AddPermission",
    {
      FunctionName,
      StatementId: "url",
      Action: "lambda:InvokeFunctionUrl",
      Principal: "*",
      FunctionUrlAuthType: "NONE",
    },
    { since: 2022 },
  ).says({ Statement: PRESENT }),
  answered(
    "AddPermission",
    {
      FunctionName,
      StatementId: "function",
      Action: "lambda:InvokeFunction",
      Principal: "*",
      InvokedViaFunctionUrl: true,
    },
    { since: 2025 },
  ).says({ Statement: PRESENT }),
  answered("UpdateFunctionUrlConfig", { FunctionName, AuthType: "AWS_IAM" }, { since: 2022 }).says({
    AuthType: "AWS_IAM",
    "Cors.MaxAge": 60,
  }),
  answered("GetFunctionUrlConfig", { FunctionName }, { since: 2022 }).says({ AuthType: "AWS_IAM" }),
  answered("ListFunctionUrlConfigs", { FunctionName }, { since: 2022 }).says({
    "FunctionUrlConfigs.0.FunctionArn": arn,
  }),
  answered("DeleteFunctionUrlConfig", { FunctionName }, { since: 2022 }),
  refused("GetFunctionUrlConfig", { FunctionName }, { since: 2022 }).with(
    "404 ResourceNotFoundException: The resource you requested does not exist.",
  ),
  answered("TagResource", { Resource: arn, Tags: { team: "images + more/é" } }),
  answered("ListTags", { Resource: arn }).says({ Tags: { team: "images + more/é" } }),
  answered("UntagResource", { Resource: arn, TagKeys: ["team"] }),
  answered("DeleteFunction", { FunctionName }),
  refused("DeleteFunction", { FunctionName }).with(gone),
]);
