import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/** "EC2 Image Builder Workflow Step Waiting": a `WaitForAction` step waits for SendWorkflowStepAction. */
export const workflowStepWaiting = defineAwsEvent(
  "aws.imagebuilder",
  "EC2 Image Builder Workflow Step Waiting",
  z.object({
    "workflow-execution-id": z.string(),
    "workflow-step-execution-id": z.string(),
    "workflow-step-name": z.string(),
  }),
);
