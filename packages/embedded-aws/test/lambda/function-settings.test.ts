import { expect, it } from "vitest";
import { expectRefusal } from "../expect-refusal.ts";
import { eachLambda } from "./new-lambda.ts";

const lambda = eachLambda();

const FunctionName = "echo-handler";
const usual = {
  TracingConfig: { Mode: "PassThrough" },
  EphemeralStorage: { Size: 512 },
  LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/echo-handler" },
};
const settings = {
  TracingConfig: { Mode: "Active" },
  EphemeralStorage: { Size: 1024 },
  LoggingConfig: { LogFormat: "JSON", LogGroup: "/images/echo", ApplicationLogLevel: "DEBUG", SystemLogLevel: "WARN" },
};
const described = () => lambda.call("GetFunctionConfiguration", { FunctionName });
const update = (input: object) => lambda.call("UpdateFunctionConfiguration", { FunctionName, ...input });

it("a function keeps its tracing mode, its storage and its logging until they are changed", async () => {
  lambda.deploy("echo.handler");

  expect(await described()).toMatchObject(usual);
  expect(await update(settings)).toMatchObject(settings);
  await update({ Timeout: 60 });

  expect(await described()).toMatchObject(settings);
  await update(usual);
  expect(await described()).toMatchObject(usual);
});

it("a function that logs JSON has levels", async () => {
  lambda.deploy("echo.handler");

  expect(await update({ LoggingConfig: { LogFormat: "JSON" } })).toMatchObject({
    LoggingConfig: {
      LogFormat: "JSON",
      LogGroup: "/aws/lambda/echo-handler",
      ApplicationLogLevel: "INFO",
      SystemLogLevel: "INFO",
    },
  });
  await expectRefusal(
    update({ LoggingConfig: { LogFormat: "Text", ApplicationLogLevel: "INFO" } }),
    "InvalidParameterValueException",
  );
});
