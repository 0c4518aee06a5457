import { collect } from "../../engine/collect.ts";
import type { Operation, Service } from "../../engine/operation.ts";
import { tagOperations } from "../tagging.ts";
import { invokeFunctionUrl } from "./function-url-invocation.ts";
import { functionPlace, requireFunction } from "./state.ts";

/**
 * Adds requests to function URLs to the API's operations: they are run, authorized and recorded in the same way, but
 * clients cannot call them, so lists of operations do not contain them.
 */
const withUrls = (operations: Readonly<Record<string, Operation>>): Readonly<Record<string, Operation>> =>
  Object.defineProperty(operations, "InvokeFunctionUrl", { value: invokeFunctionUrl });

export const service: Service = {
  name: "lambda",
  client: () => import("@aws-sdk/client-lambda"),
  /** At most 50 per page. */
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
