import type { Operation, Service } from "../../engine/operation.ts";
import { bindTokens } from "../bound-tokens.ts";
import { deleteFunctionConcurrency, getFunctionConcurrency, putFunctionConcurrency } from "./concurrency.ts";
import { createFunctionFromArchive } from "./create-function.ts";
import { deleteFunction } from "./delete-function.ts";
import { getFunction, getFunctionConfiguration, listFunctions } from "./describe-functions.ts";
import {
  deleteFunctionEventInvokeConfig,
  getFunctionEventInvokeConfig,
  putFunctionEventInvokeConfig,
} from "./event-invoke-config.ts";
import { listTags, tagResource, untagResource } from "./function-tags.ts";
import {
  createFunctionUrlConfig,
  deleteFunctionUrlConfig,
  getFunctionUrlConfig,
  listFunctionUrlConfigs,
  updateFunctionUrlConfig,
} from "./function-url-config.ts";
import { invokeFunctionUrl } from "./function-url-invocation.ts";
import { invoke } from "./invoke.ts";
import { addPermission, getPolicy, removePermission } from "./permissions.ts";

/**
 * Beside the API's operations what a request to a function's address comes to: carried out, authorized and recorded like
 * them, but no operation that a client could name, so whoever lists them does not see it.
 */
const withUrls = (operations: Readonly<Record<string, Operation>>): Readonly<Record<string, Operation>> =>
  Object.defineProperty(operations, "InvokeFunctionUrl", { value: invokeFunctionUrl });

export const service: Service = {
  name: "lambda",
  client: () => import("@aws-sdk/client-lambda"),
  operations: withUrls(
    bindTokens(
      {
        AddPermission: addPermission,
        CreateFunction: createFunctionFromArchive,
        CreateFunctionUrlConfig: createFunctionUrlConfig,
        DeleteFunction: deleteFunction,
        DeleteFunctionConcurrency: deleteFunctionConcurrency,
        DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig,
        DeleteFunctionUrlConfig: deleteFunctionUrlConfig,
        GetFunction: getFunction,
        GetFunctionConcurrency: getFunctionConcurrency,
        GetFunctionConfiguration: getFunctionConfiguration,
        GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
        GetFunctionUrlConfig: getFunctionUrlConfig,
        GetPolicy: getPolicy,
        Invoke: invoke,
        ListFunctionUrlConfigs: listFunctionUrlConfigs,
        ListFunctions: listFunctions,
        ListTags: listTags,
        PutFunctionConcurrency: putFunctionConcurrency,
        PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig,
        RemovePermission: removePermission,
        TagResource: tagResource,
        UntagResource: untagResource,
        UpdateFunctionUrlConfig: updateFunctionUrlConfig,
      },
      { asked: "Marker", given: "NextMarker", refusal: "InvalidParameterValueException" },
    ),
  ),
};
