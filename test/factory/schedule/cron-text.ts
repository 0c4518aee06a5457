import fc from "fast-check";

const names = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

/** Random crons in all the forms that EventBridge Scheduler documents; some name dates that never occur. */
export const cronText: fc.Arbitrary<string> = fc
  .tuple(
    field(0, 59),
    field(0, 23),
    fc.oneof({ weight: 1, arbitrary: dayOfMonth() }, { weight: 1, arbitrary: dayOfWeek() }),
    fc.oneof({ weight: 2, arbitrary: fc.constant("*") }, { weight: 2, arbitrary: field(1, 12) }, months()),
    fc.oneof({ weight: 3, arbitrary: fc.constant("*") }, { weight: 1, arbitrary: years() }),
  )
  .map(([minutes, hours, [days, weekdays], month, year]) => [minutes, hours, days, month, weekdays, year].join(" "));

function field(min: number, max: number): fc.Arbitrary<string> {
  const value = fc.integer({ min, max });
  const range = fc.tuple(value, value).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`);
  const step = fc.integer({ min: 1, max });
  const item = fc.oneof(
    value.map(String),
    value.map(String),
    range,
    fc.tuple(fc.oneof(value.map(String), range, fc.constant("*")), step).map(([from, by]) => `${from}/${by}`),
  );
  return fc.oneof(
    value.map(String),
    fc.constant("*"),
    fc.array(item, { minLength: 1, maxLength: 3 }).map((items) => items.join(",")),
  );
}

function dayOfMonth(): fc.Arbitrary<[string, string]> {
  const nearest = fc.integer({ min: 1, max: 28 }).map((day) => `${day}W`);
  return fc.oneof(field(1, 31), field(1, 31), fc.constant("L"), nearest).map((text) => [text, "?"]);
}

function dayOfWeek(): fc.Arbitrary<[string, string]> {
  const day = fc.oneof(fc.integer({ min: 1, max: 7 }).map(String), fc.constantFrom(...names));
  const nth = fc.tuple(day, fc.integer({ min: 1, max: 5 })).map(([name, count]) => `${name}#${count}`);
  const last = day.map((name) => `${name}L`);
  const list = fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }).map((some) => some.join(","));
  return fc
    .oneof(field(1, 7), list, nth, last, fc.constantFrom("L", "MON-FRI", "TUE-SAT/2"))
    .map((text) => ["?", text]);
}

function months(): fc.Arbitrary<string> {
  return fc.constantFrom("JAN", "FEB", "MAR-MAY", "APR,OCT", "SEP-DEC/2", "2", "*/5");
}

function years(): fc.Arbitrary<string> {
  return fc.constantFrom("2026-2030", "2027", "2028/2", "2026,2033", "2031-2199", "*/2", "*/3", "2025");
}
