import { Cron as Croner } from "croner";
import type { WallTime } from "./wall-clock.ts";

/** The local times of a cron expression; undefined after the last one. */
export interface Cron {
  /** The first time at or after `wall`. */
  from(wall: WallTime): WallTime | undefined;
  /** The last time at or before `wall`. */
  upTo(wall: WallTime): WallTime | undefined;
}

const EXAMPLE = '"cron(0 3 ? * MON *)"';

/**
 * Parses the six fields of an EventBridge Scheduler cron: minutes, hours, days of the month, months, days of the week
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

/** Years end with 2199, even if a step would go further. */
const LAST = Date.UTC(2200, 0, 1) - 1;

/** Translates the forms that croner writes differently. */
function toCroner({ min, name, names }: CronField, text: string): string {
  if (text === "?") return "*";
  // A bare `L` is the last day of the week.
  if (text === "L" && name === "days of the week") return "7";
  const numbers = text.replace(/[A-Z]{3}/g, (word) => String((names?.indexOf(word) ?? 0) + min));
  // Croner would count years from 0.
  return name === "years" ? numbers.replaceAll("*/", `${min}/`) : numbers;
}

function withCroner(fields: readonly string[]): Cron {
  const cron = new Croner(["0", ...fields].join(" "), {
    paused: true,
    // The time zone is applied outside, because Scheduler has its own rules for skipped and repeated hours.
    timezone: "UTC",
    mode: "7-part",
    alternativeWeekdays: true,
    domAndDow: true,
    // `5/15` is every 15th from 5 on.
    sloppyRanges: true,
  });
  return {
    from(wall) {
      const next = cron.nextRuns(1, new Date(wall - 1))[0]?.getTime();
      return next === undefined || next > LAST ? undefined : next;
    },
    upTo: (wall) => cron.previousRuns(1, new Date(wall + 1_000))[0]?.getTime(),
  };
}
/** The valid values of one field of a cron. */
interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on. */
  readonly names?: readonly string[];
  /** Forms that only this field has, each without other values, with examples. */
  readonly special?: { readonly pattern: RegExp; readonly examples: string };
}

const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/**
 * The six fields in order. Source: EventBridge Scheduler user guide, "Schedule types". Forms that it does not define are
 * rejected: `LW`, `L-3`, several `#`, ranges that wrap around, and `29W` to `31W`, which not every month has.
 */
const cronFields: readonly CronField[] = [
  { name: "minutes", min: 0, max: 59 },
  { name: "hours", min: 0, max: 23 },
  {
    name: "days of the month",
    min: 1,
    max: 31,
    special: { pattern: /^(\?|L|([1-9]|1\d|2[0-8])W)$/, examples: '"?", "L" (the last) or "15W" (1W to 28W)' },
  },
  { name: "months", min: 1, max: 12, names: months },
  {
    name: "days of the week",
    min: 1,
    max: 7,
    names: weekdays,
    special: {
      pattern: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/,
      examples: '"?", "6L" (the last Friday) or "3#2" (the second Tuesday)',
    },
  },
  { name: "years", min: 1970, max: 2199 },
];

/** Whether a field is valid: `*`, a list of values, ranges and steps, or one of its special forms. */
const isValidField = (field: CronField, text: string): boolean =>
  text === "*" || field.special?.pattern.test(text) === true || text.split(",").every((item) => isItem(field, item));

// `5`, `5-10`, `5/15`, `*/15` or `5-50/15`.
function isItem(field: CronField, item: string): boolean {
  const { first = "", last, step } = /^(?<first>\*|\w+)(-(?<last>\w+))?(\/(?<step>\d+))?$/.exec(item)?.groups ?? {};
  if (step !== undefined && !(Number(step) >= 1 && Number(step) <= field.max)) return false;
  if (first === "*") return last === undefined && step !== undefined;
  const from = numberOf(field, first);
  const to = last === undefined ? from : numberOf(field, last);
  return from !== undefined && to !== undefined && from <= to;
}

function numberOf({ min, max, names = [] }: CronField, text: string): number | undefined {
  const value = /^\d+$/.test(text) ? Number(text) : names.includes(text) ? names.indexOf(text) + min : Number.NaN;
  return value >= min && value <= max ? value : undefined;
}

/** A field's valid forms, for error messages. */
const validForms = ({ name, min, max, names, special }: CronField): string =>
  [
    `${name} from ${min} to ${max}`,
    names && `${names[0]} to ${names.at(-1)}`,
    `lists "${min},${min + 1}", ranges "${min}-${min + 2}", steps "${min}/2", "*"`,
    special?.examples,
  ]
    .filter(Boolean)
    .join("; ");
/** An expression that EventBridge Scheduler rejects, or whose dates AWS does not document. */
export class InvalidExpression extends Error {
  override readonly name = "InvalidExpression";
  /** What would be valid instead. */
  readonly expected: string;

  constructor(text: string, expected: string) {
    super(`${text}: expected ${expected}`);
    this.expected = expected;
  }
}

/** When a schedule runs: at local times, or at a fixed interval. */
type Expression = { readonly kind: "cron"; readonly cron: Cron } | { readonly kind: "rate"; readonly everyMs: number };

const UNITS_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/**
 * Parses `rate(7 days)` or `cron(0 3 ? * MON *)` as EventBridge Scheduler does.
 * Source: EventBridge Scheduler user guide, "Schedule types"; EventBridge user guide, "Rate expressions reference".
 * @throws InvalidExpression with what would be valid
 */
export function parseExpression(text: string): Expression {
  const { kind, inner = "" } = /^(?<kind>cron|rate)\((?<inner>.*)\)$/.exec(text)?.groups ?? {};
  if (kind === "cron") return { kind, cron: parseCron(inner) };
  if (kind === "rate") return { kind, everyMs: parseRate(inner) };
  throw new InvalidExpression(text, '"cron(0 3 ? * MON *)" or "rate(7 days)"');
}

function parseRate(text: string): number {
  const { count, period, plural } =
    /^(?<count>[1-9]\d{0,5}) (?<period>minute|hour|day)(?<plural>s?)$/.exec(text)?.groups ?? {};
  if (count === undefined || period === undefined || (count === "1") !== (plural === "")) {
    throw new InvalidExpression(text, '"rate(7 days)", "rate(1 hour)" or "rate(30 minutes)"');
  }
  return Number(count) * UNITS_MS[period as keyof typeof UNITS_MS];
}
