import type { Schedule } from "@aws-sdk/client-imagebuilder";
import { type Expression, isTimeZone, parseCron, parseRate, schedulerWeekday } from "../scheduler/expression.ts";
import { invalidValue } from "./refusals.ts";

/**
 * The times of a pipeline's schedule; undefined without an expression. Sources: API reference, Schedule (cron or rate);
 * user guide, "Use cron expressions in Image Builder".
 * @throws AwsError InvalidParameterValueException
 */
export function parseSchedule({ scheduleExpression: text, timezone = "UTC" }: Schedule): Expression | undefined {
  if (!isTimeZone(timezone)) {
    throw invalidValue("schedule.timezone", `'${timezone}' is not a time zone of the IANA database.`);
  }
  if (text === undefined) return undefined;
  const [, kind, inner = ""] = /^(rate|cron)\((.*)\)$/s.exec(text) ?? [];
  if (kind === "cron") {
    const cron = parseCron(inner, timezone, weekday);
    if (!cron) throw invalidExpression(`Invalid CRON expression: ${faultOf(inner)}`);
    return cron;
  }
  const rate = kind === "rate" ? parseRate(inner) : undefined;
  if (!rate) throw invalidExpression(SYNTAX);
  return rate;
}

/** After Application Auto Scaling's message, whose other messages Image Builder shares. */
const SYNTAX =
  "Schedule expressions must have the following syntax: rate(<number>\\s?(minutes?|hours?|days?)) or cron(<cron_expression>)";

const invalidExpression = (details: string) =>
  invalidValue("schedule.scheduleExpression", `Invalid schedule expression. Details: ${details}`);

/**
 * Days as Scheduler has them, except that `L` is Sunday, and `sat#2,4` the second and the fourth Saturday (user guide,
 * "Supported wildcards for cron expressions").
 */
function weekday(field: string): string | undefined {
  if (field === "L") return "1";
  const [, day, weeks] = /^(\w+)#([1-5](?:,[1-5])+)$/.exec(field) ?? [];
  if (day === undefined || weeks === undefined) return schedulerWeekday(field);
  const days = weeks.split(",").map((week) => schedulerWeekday(`${day}#${week}`));
  return days.includes(undefined) ? undefined : days.join(",");
}

/** The message for missing fields is AWS's (terraform-provider-aws #17396), in the words of Quartz; so are the others. */
function faultOf(fields: string): string {
  const parts = fields.split(" ");
  if (parts.length < 6) return `error at position ${fields.length}, details: Unexpected end of expression.`;
  if (parts.length === 6 && parts[2] !== "?" && parts[4] !== "?") {
    return "error at position 0, details: Support for specifying both a day-of-week AND a day-of-month parameter is not implemented.";
  }
  return `error at position 0, details: Illegal cron expression format (${fields}).`;
}
