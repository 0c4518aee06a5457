import { zipSync } from "fflate";
import { answered, bytes, type FactoryCall, PRESENT, refused } from "../factory-call.ts";

const FunctionName = "count";
const arn = "arn:aws:lambda:eu-west-1:111122223333:function:count";
const permission = {
  FunctionName,
  StatementId: "events",
  Action: "lambda:InvokeFunction",
  Principal: "events.amazonaws.com",
  SourceArn: "arn:aws:events:eu-west-1:111122223333:rule/builds",
};
const gone = { code: "ResourceNotFoundException", status: 404, message: "Function not found: arn:aws:lambda:" };

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
export const FUNCTION_CALLS: readonly FactoryCall[] = [
  answered("lambda:GetFunction", { FunctionName }, { "Configuration.FunctionArn": arn }),
  refused("lambda:GetFunction", { FunctionName: "none" }, gone),
  answered(
    "lambda:CreateFunction",
    { FunctionName: "unpacked", Role, Runtime: "nodejs22.x", Handler: "index.handler", Code: { ZipFile } },
    { CodeSha256: PRESENT, CodeSize: ZIP.length },
    { since: 2025 },
  ),
  refused(
    "lambda:CreateFunction",
    { FunctionName: "broken", Role, Runtime: "nodejs18.x", Handler: "a.handler", Code: { ZipFile: bytes("PK") } },
    { code: "InvalidParameterValueException", status: 400, message: "Could not unzip uploaded file." },
  ),
  answered(
    "lambda:UpdateFunctionCode",
    { FunctionName: "unpacked", ZipFile, DryRun: true },
    { CodeSize: ZIP.length },
    {
      since: 2025,
    },
  ),
  answered("lambda:ListVersionsByFunction", { FunctionName }, { "Versions.0.Version": "$LATEST" }),
  answered("lambda:GetFunctionCodeSigningConfig", { FunctionName }, { FunctionName }),
  answered("lambda:GetFunctionConfiguration", { FunctionName }, { Handler: "echo.counting", Timeout: 3 }),
  answered(
    "lambda:UpdateFunctionConfiguration",
    { FunctionName, Timeout: 4, Environment: { Variables: { TEAM: "images + more/é" } } },
    { Timeout: 4, "Environment.Variables.TEAM": "images + more/é", LastUpdateStatus: "Successful" },
  ),
  refused(
    "lambda:UpdateFunctionConfiguration",
    { FunctionName, RevisionId: "00000000-0000-0000-0000-000000000000" },
    { code: "PreconditionFailedException", status: 412, message: "The Revision Id provided does not match" },
  ),
  refused(
    "lambda:UpdateFunctionConfiguration",
    { FunctionName, Environment: { Variables: { AWS_REGION: "eu-west-1" } } },
    { code: "InvalidParameterValueException", status: 400, message: "Reserved keys used in this request: AWS_REGION" },
  ),
  answered("lambda:ListFunctions", {}, { "Functions.0.FunctionName": FunctionName }),
  refused("lambda:Invoke", { FunctionName: "none", Payload: bytes("{}") }, gone),
  answered("lambda:Invoke", { FunctionName, Payload: bytes('{"n":"é"}') }, { StatusCode: 200, Payload: "1" }),
  answered("lambda:Invoke", { FunctionName, InvocationType: "DryRun" }, { StatusCode: 204 }),
  refused(
    "lambda:Invoke",
    { FunctionName, Payload: bytes("{") },
    {
      code: "InvalidRequestContentException",
      status: 400,
      message: "Could not parse request body into json",
    },
  ),
  answered("lambda:AddPermission", permission, { Statement: PRESENT }),
  refused("lambda:AddPermission", permission, {
    code: "ResourceConflictException",
    status: 409,
    message: "The statement id (events) provided already exists.",
  }),
  answered("lambda:GetPolicy", { FunctionName }, { Policy: PRESENT }),
  answered("lambda:RemovePermission", { FunctionName, StatementId: "events" }),
  refused(
    "lambda:GetPolicy",
    { FunctionName },
    {
      code: "ResourceNotFoundException",
      status: 404,
      message: "The resource you requested does not exist.",
    },
  ),
  answered(
    "lambda:PutFunctionConcurrency",
    { FunctionName, ReservedConcurrentExecutions: 1 },
    {
      ReservedConcurrentExecutions: 1,
    },
  ),
  answered("lambda:GetFunctionConcurrency", { FunctionName }, { ReservedConcurrentExecutions: 1 }),
  answered("lambda:DeleteFunctionConcurrency", { FunctionName }),
  answered(
    "lambda:PutFunctionRecursionConfig",
    { FunctionName, RecursiveLoop: "Allow" },
    { RecursiveLoop: "Allow" },
    { since: 2025 },
  ),
  answered("lambda:GetFunctionRecursionConfig", { FunctionName }, { RecursiveLoop: "Allow" }, { since: 2025 }),
  answered(
    "lambda:PutFunctionEventInvokeConfig",
    { FunctionName, MaximumRetryAttempts: 0 },
    { MaximumRetryAttempts: 0 },
  ),
  answered("lambda:GetFunctionEventInvokeConfig", { FunctionName }, { MaximumRetryAttempts: 0, LastModified: PRESENT }),
  answered("lambda:DeleteFunctionEventInvokeConfig", { FunctionName }),
  refused(
    "lambda:GetFunctionEventInvokeConfig",
    { FunctionName },
    {
      code: "ResourceNotFoundException",
      status: 404,
      message: "doesn't have an EventInvokeConfig",
    },
  ),
  answered(
    "lambda:CreateFunctionUrlConfig",
    { FunctionName, AuthType: "NONE", Cors: { AllowOrigins: ["https://a.example"], MaxAge: 60 } },
    { FunctionUrl: PRESENT, FunctionArn: arn, AuthType: "NONE", "Cors.MaxAge": 60, CreationTime: PRESENT },
    { since: 2022 },
  ),
  refused(
    "lambda:CreateFunctionUrlConfig",
    { FunctionName, AuthType: "NONE" },
    {
      code: "ResourceConflictException",
      status: 409,
      message: "FunctionUrlConfig exists for this Lambda function",
    },
    { since: 2022 },
  ),
  answered(
    "lambda:AddPermission",
    {
      FunctionName,
      StatementId: "url",
      Action: "lambda:InvokeFunctionUrl",
      Principal: "*",
      FunctionUrlAuthType: "NONE",
    },
    { Statement: PRESENT },
    { since: 2022 },
  ),
  answered(
    "lambda:AddPermission",
    {
      FunctionName,
      StatementId: "function",
      Action: "lambda:InvokeFunction",
      Principal: "*",
      InvokedViaFunctionUrl: true,
    },
    { Statement: PRESENT },
    { since: 2025 },
  ),
  answered(
    "lambda:UpdateFunctionUrlConfig",
    { FunctionName, AuthType: "AWS_IAM" },
    { AuthType: "AWS_IAM", "Cors.MaxAge": 60 },
    { since: 2022 },
  ),
  answered("lambda:GetFunctionUrlConfig", { FunctionName }, { AuthType: "AWS_IAM" }, { since: 2022 }),
  answered(
    "lambda:ListFunctionUrlConfigs",
    { FunctionName },
    { "FunctionUrlConfigs.0.FunctionArn": arn },
    { since: 2022 },
  ),
  answered("lambda:DeleteFunctionUrlConfig", { FunctionName }, {}, { since: 2022 }),
  refused(
    "lambda:GetFunctionUrlConfig",
    { FunctionName },
    {
      code: "ResourceNotFoundException",
      status: 404,
      message: "The resource you requested does not exist.",
    },
    { since: 2022 },
  ),
  answered("lambda:TagResource", { Resource: arn, Tags: { team: "images + more/é" } }),
  answered("lambda:ListTags", { Resource: arn }, { Tags: { team: "images + more/é" } }),
  answered("lambda:UntagResource", { Resource: arn, TagKeys: ["team"] }),
  answered("lambda:DeleteFunction", { FunctionName }),
  refused("lambda:DeleteFunction", { FunctionName }, gone),
];
