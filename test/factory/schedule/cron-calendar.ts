/**
 * The first time of a valid AWS cron at or after a moment, in UTC, by walking the calendar: slow, and written from the user
 * guide without the product's library. Undefined: none until 2199, the last year that EventBridge accepts.
 */
export function nextByCalendar(text: string, moment: number): number | undefined {
  const [minutes = "", hours = "", days = "", months = "", weekdays = "", years = ""] = text.split(" ");
  const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
  const inYears = member(years, 1970, 2199);
  const inMonths = member(months, 1, 12, monthNames);
  const inHours = [...Array(24).keys()].filter(member(hours, 0, 23));
  const inMinutes = [...Array(60).keys()].filter(member(minutes, 0, 59));
  const start = new Date(moment);
  for (let year = start.getUTCFullYear(); year <= 2199; year++) {
    if (!inYears(year)) continue;
    for (let month = 1; month <= 12; month++) {
      if (!inMonths(month)) continue;
      const length = new Date(Date.UTC(year, month, 0)).getUTCDate();
      for (let day = 1; day <= length; day++) {
        const isDay =
          weekdays === "?"
            ? isDayOfMonth(days, year, month, day, length)
            : isWeekday(weekdays, year, month, day, length);
        if (!isDay || Date.UTC(year, month - 1, day + 1) <= moment) continue;
        for (const hour of inHours) {
          for (const minute of inMinutes) {
            const time = Date.UTC(year, month - 1, day, hour, minute);
            if (time >= moment) return time;
          }
        }
      }
    }
  }
  return undefined;
}

const weekdayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const weekdayOf = (year: number, month: number, day: number) =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 1;

function isDayOfMonth(text: string, year: number, month: number, day: number, length: number): boolean {
  if (text === "L") return day === length;
  if (!text.endsWith("W")) return member(text, 1, 31)(day);
  // The weekday (Monday to Friday) nearest to a date, within the month: the nearer one first.
  const wanted = Number(text.slice(0, -1));
  const nearest = [0, -1, 1, -2, 2]
    .map((distance) => wanted + distance)
    .find((date) => date >= 1 && date <= length && ![1, 7].includes(weekdayOf(year, month, date)));
  return day === nearest;
}

function isWeekday(text: string, year: number, month: number, day: number, length: number): boolean {
  const weekday = weekdayOf(year, month, day);
  const numbered = (name: string) => (weekdayNames.includes(name) ? weekdayNames.indexOf(name) + 1 : Number(name));
  if (text === "L") return weekday === 7;
  if (text.endsWith("L")) return weekday === numbered(text.slice(0, -1)) && day + 7 > length;
  const [name = "", nth] = text.split("#");
  if (nth !== undefined) return weekday === numbered(name) && Math.ceil(day / 7) === Number(nth);
  return member(text, 1, 7, weekdayNames)(weekday);
}

/** Whether a number matches a list of `*`, values, ranges and steps. */
function member(text: string, min: number, max: number, names: readonly string[] = []): (value: number) => boolean {
  const meant = new Set<number>();
  const numbered = (word: string) => (names.includes(word) ? names.indexOf(word) + min : Number(word));
  for (const item of text.split(",")) {
    const [span = "", step] = item.split("/");
    const [first = "", last] = span.split("-");
    const from = first === "*" ? min : numbered(first);
    const to = last !== undefined ? numbered(last) : first === "*" || step !== undefined ? max : from;
    for (let value = from; value <= to; value += Number(step ?? 1)) meant.add(value);
  }
  return (value) => meant.has(value);
}
