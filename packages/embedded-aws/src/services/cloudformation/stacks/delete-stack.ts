import type * as Sdk from "@aws-sdk/client-cloudformation";
import type { Operations } from "../../../engine/operation.ts";
import { rolePrincipal } from "../../../engine/principal.ts";
import { notBuilt, validationError } from "../refusals.ts";
import { findStack } from "../state.ts";
import { authorizeStack } from "./authorization.ts";
import { begin } from "./begin.ts";
import { runDelete } from "./run-delete.ts";
import { tellStack } from "./stack-events.ts";

export const operations = {
  /** A stack that is not there, or is deleted, is deleted well. */
  DeleteStack: {
    authorize: (input, call) => authorizeStack(call, input),
    run({ StackName = "", RoleARN, RetainResources, DeletionMode }, call) {
      const { aws, account, region } = call;
      if (DeletionMode === "FORCE_DELETE_STACK") throw notBuilt("DeleteStack with DeletionMode FORCE_DELETE_STACK");
      const stack = findStack(aws, account, region, StackName);
      if (!stack || stack.status === "DELETE_COMPLETE" || stack.status === "DELETE_IN_PROGRESS") return {};
      if (stack.terminationProtection) {
        throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
      }
      if (stack.status.endsWith("_IN_PROGRESS")) {
        // AWS would break the operation off; here it ends first.
        throw notBuilt(`DeleteStack while ${stack.status}`);
      }
      if (RetainResources?.length && stack.status !== "DELETE_FAILED") {
        throw validationError(
          "Invalid operation on stack. RetainResources is only allowed when the stack is in DELETE_FAILED state.",
        );
      }
      const role = RoleARN ?? stack.roleArn;
      stack.principal = role ? rolePrincipal(role, "AWSCloudFormation") : call.principal;
      tellStack(aws, stack, "DELETE_IN_PROGRESS", "User Initiated");
      begin(aws, stack, () => runDelete(aws, stack, RetainResources));
      return {};
    },
  },
} satisfies Operations<typeof Sdk>;
