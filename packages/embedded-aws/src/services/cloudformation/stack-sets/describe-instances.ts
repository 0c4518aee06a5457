import type * as Sdk from "@aws-sdk/client-cloudformation";
import type { StackInstanceSummary } from "@aws-sdk/client-cloudformation";
import { AwsError } from "../../../engine/aws-error.ts";
import type { Operations } from "../../../engine/operation.ts";
import { notBuilt } from "../refusals.ts";
import { authorizeStackSet } from "./authorization.ts";
import { administered } from "./organizations-access.ts";
import { instanceKey, requireStackSet, type StackInstance, type StackSet } from "./state.ts";

export const operations = {
  DescribeStackInstance: {
    authorize: (input, call) => authorizeStackSet(call, input),
    run({ StackSetName, StackInstanceAccount = "", StackInstanceRegion = "", CallAs }, call) {
      const { managementAccount: owner } = administered(call, CallAs);
      const set = requireStackSet(call.aws, owner, call.region, StackSetName);
      const found = set.instances.get(instanceKey(StackInstanceAccount, StackInstanceRegion));
      if (!found) {
        throw new AwsError(
          "StackInstanceNotFoundException",
          `Stack instance ${set.id}:${StackInstanceAccount}:${StackInstanceRegion} not found`,
          { status: 404 },
        );
      }
      return { StackInstance: { ...toInstance(set, found), ParameterOverrides: [...found.overrides] } };
    },
  },
  ListStackInstances: {
    list: "Summaries",
    authorize: (input, call) => authorizeStackSet(call, input),
    run(input, call) {
      const { managementAccount: owner } = administered(call, input.CallAs);
      const set = requireStackSet(call.aws, owner, call.region, input.StackSetName);
      const found = [...set.instances.values()].filter(
        (one) =>
          (input.StackInstanceAccount === undefined || one.account === input.StackInstanceAccount) &&
          (input.StackInstanceRegion === undefined || one.region === input.StackInstanceRegion) &&
          (input.Filters ?? []).every(({ Name, Values }) => {
            if (Name === "DETAILED_STATUS") return one.detailed === Values;
            if (Name === "LAST_OPERATION_ID") return one.lastOperation === Values;
            throw notBuilt(`ListStackInstances with the filter ${Name}`);
          }),
      );
      return { Summaries: found.map((one) => toInstance(set, one)) };
    },
  },
} satisfies Operations<typeof Sdk>;

const toInstance = (set: StackSet, one: StackInstance): StackInstanceSummary => ({
  StackSetId: set.id,
  Account: one.account,
  Region: one.region,
  ...(one.stackId && { StackId: one.stackId }),
  Status: one.status,
  StackInstanceStatus: { DetailedStatus: one.detailed },
  ...(one.reason && { StatusReason: one.reason }),
  OrganizationalUnitId: one.unit,
  DriftStatus: "NOT_CHECKED",
  LastOperationId: one.lastOperation,
});
