import type { CreateScheduleInput, Target } from "@aws-sdk/client-scheduler";
import { AwsError } from "../../engine/aws-error.ts";
import { targetKind } from "../events/target-request.ts";
import { type Expression, parseExpression } from "./expression.ts";
import { checkTimeZone } from "./wall-clock.ts";

/** Refuses what Scheduler refuses, and answers when the schedule is due. */
export function checkSchedule(input: CreateScheduleInput): Expression {
  const { ScheduleExpression = "", ScheduleExpressionTimezone = "UTC", StartDate, EndDate } = input;
  checkTimeZone(ScheduleExpressionTimezone);
  const expression = parseExpression(ScheduleExpression, ScheduleExpressionTimezone);
  if (StartDate && EndDate && EndDate <= StartDate) throw invalid("The EndDate must come after the StartDate.");
  checkWindow(input);
  checkTarget(input.Target);
  return expression;
}

function checkWindow({ FlexibleTimeWindow: window }: CreateScheduleInput): void {
  const minutes = window?.MaximumWindowInMinutes;
  if (window?.Mode === "OFF" && minutes !== undefined) {
    throw invalid("MaximumWindowInMinutes must not be set when the FlexibleTimeWindow mode is OFF.");
  }
  if (window?.Mode === "FLEXIBLE" && minutes === undefined) {
    throw invalid("MaximumWindowInMinutes must be between 1 and 1440 when the FlexibleTimeWindow mode is FLEXIBLE.");
  }
}

function checkTarget(target: Target | undefined): void {
  const { Arn = "", EventBridgeParameters, Input } = target ?? {};
  if (!/^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+/.test(Arn)) throw invalid("Provided Arn is not in correct format.");
  const isBus = /^arn:[\w-]+:events:[^:]*:\d{12}:event-bus\//.test(Arn);
  if (!isBus && !targetKind(Arn)) {
    const reason = `Schedule targets like ${Arn} are not built in the embedded AWS; built: functions, queues, topics, buses and state machines`;
    throw new AwsError("NotImplemented", reason);
  }
  if (isBus && !EventBridgeParameters) throw invalid("EventBridgeParameters must be specified for an event bus.");
  const isFunctionOrMachine = targetKind(Arn) === "lambda" || targetKind(Arn) === "states";
  if (Input !== undefined && isFunctionOrMachine && !isJson(Input)) {
    throw invalid(`The target's Input is not valid JSON: ${Input.slice(0, 100)}`);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const invalid = (message: string): AwsError => new AwsError("ValidationException", message);
