import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../engine/aws-error.ts";
import type { Operations } from "../../engine/operation.ts";
import { paginate } from "../../engine/paging.ts";
import { findMachine, rememberedExecution, statesOf } from "./find.ts";

export const operations = {
  /** Newest first. */
  ListExecutions: {
    authorize: ({ stateMachineArn }) => [{ resources: [stateMachineArn ?? "*"] }],
    run({ stateMachineArn, mapRunArn, redriveFilter, statusFilter, nextToken, maxResults }, call) {
      if (mapRunArn !== undefined || redriveFilter !== undefined) {
        const which = mapRunArn !== undefined ? "mapRunArn" : "redriveFilter";
        throw new AwsError("NotImplemented", `states:ListExecutions by ${which} is not built in the embedded AWS`);
      }
      const machine = findMachine(call, stateMachineArn);
      const own = [...statesOf(call).executions.values()].filter(
        (one) =>
          one.machine.arn === machine.arn &&
          (statusFilter === undefined || one.status === statusFilter) &&
          rememberedExecution(call, one.arn),
      );
      const { items, next } = paginate(own.reverse(), nextToken, maxResults || 100, "InvalidToken");
      return {
        executions: items.map((one) => ({
          executionArn: one.arn,
          stateMachineArn: machine.arn,
          name: one.name,
          status: one.status,
          startDate: one.startDate,
          ...(one.stopDate && { stopDate: one.stopDate }),
          redriveCount: 0,
        })),
        ...(next !== undefined && { nextToken: next }),
      };
    },
  },
} satisfies Operations<typeof Sdk>;
