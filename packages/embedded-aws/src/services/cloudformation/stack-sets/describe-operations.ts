import type * as Sdk from "@aws-sdk/client-cloudformation";
import { AwsError, type Call, type Operations } from "../../../engine/operation.ts";
import { administered, authorizeStackSet } from "./organizations-access.ts";
import { requireStackSet, type StackSet, type StackSetOperation } from "./state.ts";

function requireOperation(
  call: Call,
  { StackSetName, OperationId = "", CallAs }: Sdk.DescribeStackSetOperationCommandInput,
): { set: StackSet; found: StackSetOperation } {
  const { managementAccount: owner } = administered(call, CallAs);
  const set = requireStackSet(call.aws, owner, call.region, StackSetName);
  const found = set.operations.get(OperationId);
  if (found) return { set, found };
  throw new AwsError("OperationNotFoundException", `Operation ${OperationId} not found for ${set.id}`);
}

export const operations = {
  DescribeStackSetOperation: {
    authorize: (input, call) => authorizeStackSet(call, input),
    run(input, call) {
      const { set, found } = requireOperation(call, input);
      return {
        StackSetOperation: {
          ...summaryOf(found),
          StackSetId: set.id,
          ...(found.action === "DELETE" && { RetainStacks: found.retain }),
          ...(found.targets && { DeploymentTargets: found.targets }),
        },
      };
    },
  },
  /** The newest first. */
  ListStackSetOperations: {
    list: "Summaries",
    authorize: (input, call) => authorizeStackSet(call, input),
    run({ StackSetName, CallAs }, call) {
      const { managementAccount: owner } = administered(call, CallAs);
      const { operations } = requireStackSet(call.aws, owner, call.region, StackSetName);
      return { Summaries: [...operations.values()].reverse().map(summaryOf) };
    },
  },
  ListStackSetOperationResults: {
    list: "Summaries",
    authorize: (input, call) => authorizeStackSet(call, input),
    run(input, call) {
      const { found } = requireOperation(call, input);
      const wanted = found.results.filter((one) =>
        (input.Filters ?? []).every(({ Name, Values }) => Name === "OPERATION_RESULT_STATUS" && one.status === Values),
      );
      return {
        Summaries: wanted.map(({ account, region, unit, status, reason }) => ({
          Account: account,
          Region: region,
          Status: status,
          ...(reason && { StatusReason: reason }),
          AccountGateResult: { Status: "SKIPPED" as const, StatusReason: "Function not found" },
          OrganizationalUnitId: unit,
        })),
      };
    },
  },
} satisfies Operations<typeof Sdk>;

const summaryOf = (found: StackSetOperation): Sdk.StackSetOperationSummary => ({
  OperationId: found.id,
  Action: found.action,
  Status: found.status,
  ...(found.reason && { StatusReason: found.reason }),
  StatusDetails: { FailedStackInstancesCount: found.results.filter(({ status }) => status === "FAILED").length },
  OperationPreferences: found.preferences,
  CreationTimestamp: new Date(found.created),
  ...(found.ended !== undefined && { EndTimestamp: new Date(found.ended) }),
});
