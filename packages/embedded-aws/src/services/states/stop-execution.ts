import type * as Sdk from "@aws-sdk/client-sfn";
import type { Operations } from "../../engine/operation.ts";
import { closeExecution } from "./execution/close-execution.ts";
import { findExecution } from "./find.ts";

export const operations = {
  /** Stopping what has ended changes nothing; AWS then answers with the end it already had. */
  StopExecution: {
    authorize: ({ executionArn }) => [{ resources: [executionArn ?? "*"] }],
    run({ executionArn, error, cause }, call) {
      const execution = findExecution(call, executionArn);
      closeExecution(call.aws, execution, { status: "ABORTED", error, cause });
      return { stopDate: execution.stopDate };
    },
  },
} satisfies Operations<typeof Sdk>;
