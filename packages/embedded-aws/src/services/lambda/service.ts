import { collect } from "../../engine/collect.ts";
import type { Operation, Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { functionPlace, requireFunction } from "./find-function.ts";
import { invokeFunctionUrl } from "./function-url-invocation.ts";

/**
 * Beside the API's operations what a request to a function's address comes to: carried out, authorized and recorded like
 * them, but no operation that a client could name, so whoever lists them does not see it.
 */
const withUrls = (operations: Readonly<Record<string, Operation>>): Readonly<Record<string, Operation>> =>
  Object.defineProperty(operations, "InvokeFunctionUrl", { value: invokeFunctionUrl });

export const service: Service = {
  name: "lambda",
  client: () => import("@aws-sdk/client-lambda"),
  /** At most 50 a page, whatever is asked for. */
  errors: { throttled: ["TooManyRequestsException", 429], failed: ["ServiceException", 500] },
  paging: {
    asked: "Marker",
    given: "NextMarker",
    size: "MaxItems",
    most: 50,
    refusal: "InvalidParameterValueException",
  },
  operations: withUrls(
    await collect(
      import("./function-settings.ts"),
      import("./create-function.ts"),
      import("./functions.ts"),
      tagOperations<{ readonly Resource?: string }>({
        show: "ListTags",
        tags: "Tags",
        keys: "TagKeys",
        form: "map",
        authorize: (call, { Resource }, context = {}) => [{ resources: [functionPlace(Resource, call).arn], context }],
        find: (call, { Resource }) => requireFunction(call.aws, functionPlace(Resource, call)).tags,
      }),
      import("./function-url-config.ts"),
      import("./invoke.ts"),
      import("./permissions.ts"),
      import("./update-function.ts"),
      import("./recursion.ts"),
    ),
  ),
};
