/** Remembers the last answer: in factory time, many calls have the same moment. */
const written = (write: (moment: Date) => string) => {
  let last: { readonly ms: number; readonly text: string } | undefined;
  return (ms: number): string => {
    if (last?.ms !== ms) last = { ms, text: write(new Date(ms)) };
    return last.text;
  };
};

/** ISO 8601 in UTC with milliseconds. */
export const isoTime = written((moment) => moment.toISOString());

/** A date of HTTP's headers (RFC 9110, "Date/Time Formats"). */
export const httpDate = written((moment) => moment.toUTCString());
