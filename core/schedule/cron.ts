import { Cron as Croner } from "croner";
import { type CronField, cronFields, isValidField, validForms } from "./cron-field.ts";
import { InvalidExpression } from "./invalid-expression.ts";
import type { WallTime } from "./wall-clock.ts";

/** The times of a cron on the wall; undefined where there are no more. */
export interface Cron {
  /** The first time at or after `wall`. */
  from(wall: WallTime): WallTime | undefined;
  /** The last time at or before `wall`. */
  upTo(wall: WallTime): WallTime | undefined;
}

const EXAMPLE = '"cron(0 3 ? * MON *)"';

/**
 * Reads the six fields of an EventBridge Scheduler cron: minutes, hours, days of the month, months, days of the week
 * (1 is SUN), years.
 * @throws InvalidExpression naming the field
 */
export function parseCron(fields: string): Cron {
  const texts = fields.trim().split(/\s+/);
  if (texts.length !== cronFields.length) {
    throw new InvalidExpression(fields, `six fields (${cronFields.map(({ name }) => name).join(", ")}): ${EXAMPLE}`);
  }
  cronFields.forEach((field, at) => {
    const text = texts[at] ?? "";
    if (!isValidField(field, text)) throw new InvalidExpression(fields, `${validForms(field)} instead of "${text}"`);
  });
  if ((texts[2] === "?") === (texts[4] === "?")) {
    throw new InvalidExpression(fields, `"?" in one of days of the month and days of the week: ${EXAMPLE}`);
  }
  const cron = withCroner(cronFields.map((field, at) => toCroner(field, texts[at] ?? "")));
  if (cron.from(Date.UTC(1970, 0, 1)) === undefined) throw new InvalidExpression(fields, "a date that exists");
  return cron;
}

/** The few words that croner has others for. */
function toCroner({ min, name, names }: CronField, text: string): string {
  if (text === "?") return "*";
  // A bare `L` is the last day of the week.
  if (text === "L" && name === "days of the week") return "7";
  const numbers = text.replace(/[A-Z]{3}/g, (word) => String((names?.indexOf(word) ?? 0) + min));
  // Croner would count years from 0 on.
  return name === "years" ? numbers.replaceAll("*/", `${min}/`) : numbers;
}

function withCroner(fields: readonly string[]): Cron {
  const cron = new Croner(["0", ...fields].join(" "), {
    paused: true,
    // The zone is applied outside: Scheduler treats skipped and repeated hours in its own way.
    timezone: "UTC",
    mode: "7-part",
    alternativeWeekdays: true,
    domAndDow: true,
    // `5/15` is every 15th from 5 on.
    sloppyRanges: true,
  });
  return {
    from: (wall) => cron.nextRuns(1, new Date(wall - 1))[0]?.getTime(),
    upTo: (wall) => cron.previousRuns(1, new Date(wall + 1_000))[0]?.getTime(),
  };
}
