import type { WorkTime } from "embedded-aws";
import { drawTable, heading, paragraph } from "./layout.ts";

interface Profiled {
  readonly ms: number;
  readonly spent: readonly WorkTime[];
}

const MOST_ROWS = 25;

const seconds = (ms: number): string => (ms / 1_000).toFixed(2);

/** Sums by any property, the largest first. */
function sumsOf(spent: readonly WorkTime[], nameOf: (one: WorkTime) => string) {
  const groups = [...Map.groupBy(spent, nameOf)].map(([name, some]) => ({
    name,
    ms: some.reduce((sum, { ms }) => sum + ms, 0),
    begun: some.reduce((sum, { begun }) => sum + begun, 0),
  }));
  return groups.toSorted((one, other) => other.ms - one.ms);
}

const workName = ({ kind, name }: WorkTime): string =>
  kind === "function" || kind === "operation"
    ? name
    : kind === "other"
      ? "everything else"
      : "event loop, garbage collection";

/** An operation's service, as it signs requests; functions together. */
const serviceName = (one: WorkTime): string =>
  one.kind === "operation"
    ? (one.name.split(":")[0] ?? "")
    : one.kind === "function"
      ? "functions' own code"
      : workName(one);

/** Where the month's time went: by function and operation, by service, and by day. */
export function drawProfile({ ms, spent }: Profiled): string[] {
  const share = (part: number): string => `${((100 * part) / ms).toFixed(1)} %`;
  const rows = (sums: ReturnType<typeof sumsOf>) =>
    sums.map(({ name, ms: part, begun }) => [
      name,
      seconds(part),
      share(part),
      begun > 0 ? String(begun) : "",
      begun > 0 ? (part / begun).toFixed(2) : "",
    ]);
  const figures = ["seconds", "share", "times", "ms each"];
  const works = sumsOf(spent, workName);
  const byDay = sumsOf(spent, ({ day }) => new Date(day).toISOString().slice(0, 10)).toSorted((one, other) =>
    one.name.localeCompare(other.name),
  );
  const most = (day: string): string => {
    const ofDay = spent.filter((one) => one.day === Date.parse(day) && one.begun > 0);
    return sumsOf(ofDay, workName)
      .slice(0, 3)
      .map(({ name, ms: part }) => `${name} ${seconds(part)}`)
      .join(", ");
  };
  return [
    "",
    ...heading("Where the time went"),
    ...paragraph(
      `Wall time of the month's one thread, ${seconds(ms)} s with the profile itself. A function's time is its own code's; each call that it awaits counts for the operation.`,
    ),
    "",
    ...drawTable(["function or operation", ...figures], rows(works.slice(0, MOST_ROWS))),
    ...(works.length > MOST_ROWS ? [`... and ${works.length - MOST_ROWS} more; --json has all`] : []),
    "",
    ...drawTable(["service", ...figures], rows(sumsOf(spent, serviceName))),
    "",
    ...drawTable(
      ["day", "seconds", "most of it"],
      byDay.map(({ name, ms: part }) => [name, seconds(part), most(name)]),
    ),
  ];
}
