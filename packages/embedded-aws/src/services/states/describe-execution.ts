import type * as Sdk from "@aws-sdk/client-sfn";
import type { Operations } from "../../engine/operation.ts";
import { findExecution } from "./find.ts";

export const operations = {
  DescribeExecution: {
    authorize: ({ executionArn }) => [{ resources: [executionArn ?? "*"] }],
    run({ executionArn, includedData }, call) {
      const execution = findExecution(call, executionArn);
      const { stopDate, output, error, cause, status } = execution;
      const whole = includedData !== "METADATA_ONLY";
      return {
        executionArn: execution.arn,
        stateMachineArn: execution.machine.arn,
        name: execution.name,
        status,
        startDate: execution.startDate,
        ...(stopDate && { stopDate }),
        ...(whole && { input: execution.input }),
        inputDetails: { included: whole },
        ...(output !== undefined && { ...(whole && { output }), outputDetails: { included: whole } }),
        ...(whole && error !== undefined && { error }),
        ...(whole && cause !== undefined && { cause }),
        redriveCount: 0,
        redriveStatus: "NOT_REDRIVABLE",
        redriveStatusReason: `Execution is ${status} and cannot be redriven`,
      };
    },
  },
  DescribeStateMachineForExecution: {
    authorize: ({ executionArn }) => [{ resources: [executionArn ?? "*"] }],
    run({ executionArn }, call) {
      const { machine } = findExecution(call, executionArn);
      return {
        stateMachineArn: machine.arn,
        name: machine.name,
        definition: machine.definition,
        roleArn: machine.roleArn,
        updateDate: machine.updateDate,
        loggingConfiguration: { level: "OFF", includeExecutionData: false },
        tracingConfiguration: { enabled: false },
        revisionId: machine.revisionId,
      };
    },
  },
} satisfies Operations<typeof Sdk>;
