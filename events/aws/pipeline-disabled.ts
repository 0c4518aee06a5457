import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/** "EC2 Image Builder Image Pipeline Automatically Disabled": the count of failures is a string. */
export const pipelineDisabled = defineAwsEvent(
  "aws.imagebuilder",
  "EC2 Image Builder Image Pipeline Automatically Disabled",
  z.object({ "consecutive-failures": z.string().regex(/^\d+$/) }),
);
