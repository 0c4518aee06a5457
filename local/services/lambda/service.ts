import type { Service } from "../../operation.ts";
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
import { invoke } from "./invoke.ts";
import { addPermission, getPolicy, removePermission } from "./permissions.ts";

export const service: Service = {
  name: "lambda",
  client: () => import("@aws-sdk/client-lambda"),
  operations: bindTokens(
    {
      AddPermission: addPermission,
      CreateFunction: createFunctionFromArchive,
      DeleteFunction: deleteFunction,
      DeleteFunctionConcurrency: deleteFunctionConcurrency,
      DeleteFunctionEventInvokeConfig: deleteFunctionEventInvokeConfig,
      GetFunction: getFunction,
      GetFunctionConcurrency: getFunctionConcurrency,
      GetFunctionConfiguration: getFunctionConfiguration,
      GetFunctionEventInvokeConfig: getFunctionEventInvokeConfig,
      GetPolicy: getPolicy,
      Invoke: invoke,
      ListFunctions: listFunctions,
      ListTags: listTags,
      PutFunctionConcurrency: putFunctionConcurrency,
      PutFunctionEventInvokeConfig: putFunctionEventInvokeConfig,
      RemovePermission: removePermission,
      TagResource: tagResource,
      UntagResource: untagResource,
    },
    { asked: "Marker", given: "NextMarker", refusal: "InvalidParameterValueException" },
  ),
};
