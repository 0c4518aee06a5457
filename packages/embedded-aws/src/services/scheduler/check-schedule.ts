import type { CreateScheduleInput, Target } from "@aws-sdk/client-scheduler";
import { AwsError } from "../../engine/aws-error.ts";
import { targetKind } from "../events/target-request.ts";
import { type Expression, parseExpression } from "./expression.ts";
import { checkTimeZone } from "./wall-clock.ts";

const MOST_WINDOW_MINUTES = 1_440;

/** Refuses what Scheduler refuses, and answers when the schedule is due. */
export function checkSchedule(input: CreateScheduleInput): Expression {
  const { Name = "", ScheduleExpression = "", ScheduleExpressionTimezone = "UTC", StartDate, EndDate } = input;
  if (!/^[0-9a-zA-Z\-_.]{1,64}$/.test(Name)) {
    throw invalid(
      `1 validation error detected: Value '${Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[0-9a-zA-Z-_.]+$`,
    );
  }
  checkTimeZone(ScheduleExpressionTimezone);
  const expression = parseExpression(ScheduleExpression, ScheduleExpressionTimezone);
  if (StartDate && EndDate && EndDate <= StartDate) throw invalid("The EndDate must come after the StartDate.");
  checkWindow(input);
  checkTarget(input.Target);
  return expression;
}

function checkWindow({ FlexibleTimeWindow: window }: CreateScheduleInput): void {
  if (!window)
    throw invalid(
      "1 validation error detected: Value null at 'flexibleTimeWindow' failed to satisfy constraint: Member must not be null",
    );
  const minutes = window.MaximumWindowInMinutes;
  if (window.Mode === "OFF" && minutes !== undefined) {
    throw invalid("MaximumWindowInMinutes must not be set when the FlexibleTimeWindow mode is OFF.");
  }
  if (window.Mode === "FLEXIBLE" && (minutes === undefined || minutes < 1 || minutes > MOST_WINDOW_MINUTES)) {
    throw invalid(
      `MaximumWindowInMinutes must be between 1 and ${MOST_WINDOW_MINUTES} when the FlexibleTimeWindow mode is FLEXIBLE.`,
    );
  }
}

function checkTarget(target: Target | undefined): void {
  const { Arn = "", RoleArn = "", EventBridgeParameters, Input, RetryPolicy } = target ?? {};
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(RoleArn)) {
    throw invalid(`Provided role '${RoleArn}' is not a role's ARN.`);
  }
  if (!/^arn:[\w-]+:[\w-]+:[^:]*:[^:]*:.+/.test(Arn)) throw invalid(`Provided Arn is not in correct format.`);
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
  const { MaximumRetryAttempts = 0, MaximumEventAgeInSeconds = 60 } = RetryPolicy ?? {};
  if (MaximumRetryAttempts < 0 || MaximumRetryAttempts > 185) {
    throw invalid("MaximumRetryAttempts must be between 0 and 185.");
  }
  if (MaximumEventAgeInSeconds < 60 || MaximumEventAgeInSeconds > 86_400) {
    throw invalid("MaximumEventAgeInSeconds must be between 60 and 86400.");
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
