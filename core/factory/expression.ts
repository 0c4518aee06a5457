import * as z from "zod";
import { parseCron } from "../schedule/cron.ts";
import { parseExpression } from "../schedule/expression.ts";
import { InvalidExpression } from "../schedule/invalid-expression.ts";

/** `cron(0 3 ? * MON *)` or `rate(7 days)`, as EventBridge Scheduler reads them. */
export const scheduleExpression = readBy(parseExpression);

/** A cron's six fields, as EventBridge Scheduler reads them, e.g. `0 18 ? * FRI *`. */
export const cronFields = readBy(parseCron);

function readBy(read: (text: string) => unknown) {
  return z.string().superRefine((text, issues) => {
    try {
      read(text);
    } catch (error) {
      if (!(error instanceof InvalidExpression)) throw error;
      issues.addIssue({ code: "custom", input: text, message: error.expected });
    }
  });
}
