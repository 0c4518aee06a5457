/** A calendar month in UTC, as AWS bills: milliseconds since the epoch. */
export interface Month {
  /** `2026-04` */
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const DAY = 86_400_000;

/** @throws NotAMonth */
export function parseMonth(text: string): Month {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text) ?? [];
  if (!year || !month) throw new NotAMonth(text);
  return { name: text, start: Date.UTC(+year, +month - 1, 1), end: Date.UTC(+year, +month, 1) };
}

export const monthOf = (now: Date): Month => parseMonth(now.toISOString().slice(0, 7));

/** How long something existed within the month and until now, in milliseconds. */
export const within = ({ start, end }: Month, now: number, from: number, to = Number.POSITIVE_INFINITY): number =>
  Math.max(0, Math.min(to, end, now) - Math.max(from, start));

/** Days of the month that have passed, `30 of 30`. */
export const daysPassed = ({ start, end }: Month, now: number): string =>
  `${Math.ceil(Math.max(0, Math.min(end, now) - start) / DAY)} of ${(end - start) / DAY}`;

class NotAMonth extends Error {
  override readonly name = "NotAMonth";

  constructor(text: string) {
    super(`"${text}" is not a month. Expected year and month, such as 2026-04.`);
  }
}
