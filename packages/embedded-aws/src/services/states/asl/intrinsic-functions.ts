import { isObject, type Json } from "./json.ts";
import { hash, MAX_RANGE, seeded } from "./service-functions.ts";

/** What a function takes from the execution besides its arguments. */
interface IntrinsicWorld {
  /** A number in [0, 1). */
  readonly dice: () => number;
  readonly uuid: () => string;
}

interface IntrinsicFunction {
  /** The least and the greatest number of arguments. */
  readonly count: readonly [least: number, most: number];
  /** Throws an Error that says why if it cannot use its arguments. */
  run(values: readonly Json[], world: IntrinsicWorld): Json;
}

const one = [1, 1] as const;
const two = [2, 2] as const;
const three = [3, 3] as const;

/** Developer Guide, "Intrinsic functions for JSONPath states in Step Functions". */
export const intrinsicFunctions: Readonly<Record<string, IntrinsicFunction>> = {
  Array: { count: [0, Number.POSITIVE_INFINITY], run: (values) => values },
  ArrayContains: {
    count: two,
    run: ([items, wanted]) => list(items).map(identity).includes(identity(wanted!)),
  },
  ArrayGetItem: {
    count: two,
    run: ([items, at]) => {
      const [values, index] = [list(items), integer(at)];
      if (index >= 0 && index < values.length) return values[index]!;
      throw new RangeError(`the index ${index} is outside an array of ${values.length}`);
    },
  },
  ArrayLength: { count: one, run: ([items]) => list(items).length },
  ArrayPartition: {
    count: two,
    run: ([items, size]) => {
      const [values, step] = [list(items), integer(size)];
      if (step < 1) throw new RangeError(`the size ${step} of a part is not positive`);
      return Array.from({ length: Math.ceil(values.length / step) }, (_, at) => values.slice(at * step, ++at * step));
    },
  },
  ArrayRange: {
    count: three,
    run: ([start, end, by]) => {
      const [first, last, step] = [integer(start), integer(end), integer(by)];
      if (step === 0) throw new RangeError("the step is 0");
      const length = Math.max(0, Math.floor((last - first) / step) + 1);
      if (length > MAX_RANGE) throw new RangeError(`${length} elements; at most ${MAX_RANGE} are allowed`);
      return Array.from({ length }, (_, at) => first + at * step);
    },
  },
  ArrayUnique: {
    count: one,
    run: ([items]) => {
      const seen = new Set<string>();
      return list(items).filter((item) => seen.size < seen.add(identity(item)).size);
    },
  },
  Base64Encode: { count: one, run: ([data]) => Buffer.from(short(data)).toString("base64") },
  Base64Decode: {
    count: one,
    run: ([data]) => {
      const bytes = Buffer.from(short(data), "base64");
      if (bytes.toString("base64") === data) return bytes.toString();
      throw new RangeError("the text is not Base64");
    },
  },
  Hash: {
    count: two,
    run: ([data, algorithm]) => hash(short(data), algorithm),
  },
  JsonMerge: {
    count: three,
    run: ([left, right, deep]) => {
      if (deep !== false) throw new RangeError("the third argument must be false: only a shallow merge exists");
      if (isObject(left) && isObject(right)) return { ...left, ...right };
      throw new TypeError("the first two arguments must be JSON objects");
    },
  },
  StringToJson: { count: one, run: ([json]) => JSON.parse(text(json)) as Json },
  JsonToString: { count: one, run: ([value]) => JSON.stringify(value) },
  /** From the first number, to below the second. What AWS draws from a seed is not known. */
  MathRandom: {
    count: [2, 3],
    run: ([start, end, seed], { dice }) => {
      const [first, last] = [integer(start), integer(end)];
      if (first >= last) throw new RangeError(`the start ${first} is not below the end ${last}`);
      return first + Math.floor((seed === undefined ? dice() : seeded(integer(seed))) * (last - first));
    },
  },
  MathAdd: { count: two, run: ([left, right]) => integer(integer(left) + integer(right)) },
  /** Each character of the second text separates; empty parts are dropped. */
  StringSplit: {
    count: two,
    run: ([whole, separators]) => {
      const between = new Set(text(separators));
      const parts = [""];
      for (const char of text(whole)) {
        if (between.has(char)) parts.push("");
        else parts.push(parts.pop()! + char);
      }
      return parts.filter((part) => part !== "");
    },
  },
  UUID: { count: [0, 0], run: (_, { uuid }) => uuid() },
  Format: {
    count: [1, Number.POSITIVE_INFINITY],
    run: ([template, ...values]) => {
      let used = 0;
      const filled = text(template).replaceAll(/\\([{}'\\])|\{\}|[{}]/g, (found, escaped: string | undefined) => {
        if (escaped !== undefined) return escaped;
        if (found === "{}") return shown(values[used++] ?? null);
        throw new RangeError(`Invalid template in States.Format: '${found}' without its counterpart`);
      });
      if (used === values.length) return filled;
      throw new RangeError("number of arguments do not match the occurrences of {}");
    },
  },
};

function list(value: Json | undefined): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw new TypeError(`expected an array but was ${JSON.stringify(value)}`);
}

function text(value: Json | undefined): string {
  if (typeof value === "string") return value;
  throw new TypeError(`expected a string but was ${JSON.stringify(value)}`);
}

/** Characters that the functions for encoding and hashing accept. */
const MAX_TEXT = 10_000;

function short(value: Json | undefined): string {
  const found = text(value);
  if (found.length <= MAX_TEXT) return found;
  throw new RangeError(`a text of ${found.length} characters; at most ${MAX_TEXT} are allowed`);
}

/** Rounded to the nearest integer, upwards from .5; Java's range. */
function integer(value: Json | undefined): number {
  const rounded = typeof value === "number" ? Math.round(value) + 0 : Number.NaN;
  if (rounded >= -(2 ** 31) && rounded < 2 ** 31) return rounded;
  throw new TypeError(`expected an integer from -2147483648 to 2147483647 but was ${JSON.stringify(value)}`);
}

/** The same text for equal values, whatever the order of their keys. */
const identity = (value: Json): string =>
  JSON.stringify(value, (_, part: Json) =>
    isObject(part) ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1))) : part,
  );

/** As Java prints values: `{Id=a, Name=b}`, by a recording. */
function shown(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  if (!isObject(value)) return String(value);
  const entries = Object.entries(value).map(([key, part]) => `${key}=${shown(part)}`);
  return `{${entries.join(", ")}}`;
}
