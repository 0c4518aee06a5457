import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

/**
 * A parameter of the account was created, updated or deleted, or a version of it was labelled (Systems Manager user
 * guide, "Reference: Amazon EventBridge event patterns and types for Systems Manager"); best effort.
 */
export const parameterStoreChange = defineAwsEvent(
  "aws.ssm",
  "Parameter Store Change",
  z.object({ name: z.string().min(1), operation: z.string() }),
);
