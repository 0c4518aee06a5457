/** What one field of a cron may say. */
export interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values from `min` on. */
  readonly names?: readonly string[];
  /** Forms that only this field has, each alone in it, with an example of each. */
  readonly special?: { readonly pattern: RegExp; readonly examples: string };
}

const weekdays = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/**
 * The six fields in order. Source: EventBridge Scheduler user guide, "Schedule types". Of what it leaves open nothing is
 * let through: `LW`, `L-3`, several `#`, ranges that wrap around, and `29W` to `31W`, which not every month has.
 */
export const cronFields: readonly CronField[] = [
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

/** Whether a field says what it may: `*`, values, ranges and steps in a list, or one of its special forms. */
export const isValidField = (field: CronField, text: string): boolean =>
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

/** A field's valid forms, for a message. */
export const validForms = ({ name, min, max, names, special }: CronField): string =>
  [
    `${name} from ${min} to ${max}`,
    names && `${names[0]} to ${names.at(-1)}`,
    `lists "${min},${min + 1}", ranges "${min}-${min + 2}", steps "${min}/2", "*"`,
    special?.examples,
  ]
    .filter(Boolean)
    .join("; ");
