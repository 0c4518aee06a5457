import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/**
 * An execution of a state machine changed its status (Step Functions developer guide, "Automating Step Functions event
 * delivery with EventBridge"); best effort.
 */
export const executionStatusChange = defineAwsEvent(
  "aws.states",
  "Step Functions Execution Status Change",
  z.object({ stateMachineArn: z.string().min(1), status: z.string() }),
);

/** The status of an execution that did not do all of its work. */
export const badEnds: readonly string[] = ["FAILED", "TIMED_OUT", "ABORTED"];
