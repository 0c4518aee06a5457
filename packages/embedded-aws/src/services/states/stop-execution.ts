import type { StopExecutionCommandInput, StopExecutionCommandOutput } from "@aws-sdk/client-sfn";
import { operation } from "../../engine/operation.ts";
import type { Answer } from "./answer.ts";
import { closeExecution } from "./execution/close-execution.ts";
import { findExecution } from "./find.ts";

/** Stopping what has ended changes nothing; AWS then answers with the end it already had. */
export const stopExecution = operation<StopExecutionCommandInput, Answer<StopExecutionCommandOutput>>({
  authorize: ({ executionArn }) => [{ resources: [executionArn ?? "*"] }],
  run({ executionArn, error, cause }, call) {
    const execution = findExecution(call, executionArn);
    closeExecution(call.aws, execution, { status: "ABORTED", error, cause });
    return { stopDate: execution.stopDate };
  },
});
