import { copied } from "./kept-expressions.ts";

type Json = Record<string, unknown>;

/** How dynalite checks a request. */
interface Checks {
  /** A copy with the known members, if each has its type. @throws dynalite's refusal */
  types(data: Json): Json;
  /** Adds the parsed expressions. @throws dynalite's refusal */
  values(checked: Json): void;
}

/** A string of a kept request, in place of which later requests have theirs. */
class Slot {
  readonly at: number;

  constructor(at: number) {
    this.at = at;
  }
}

/** Requests without expressions, and the arguments of BETWEEN and attribute_type, are checked by value. */
const CHECKED_BY_VALUE =
  /\bbetween\b|attribute_type|"(?:AttributesToGet|ConditionalOperator|KeyConditions|QueryFilter)":/i;

/** Fewer bytes than any key may have (DynamoDB, "Constraints"), whatever the characters. */
const LONGEST = 250;

const MOST = 1_000;

/**
 * Reads that dynalite found valid. One that differs from them only in short strings of attribute values is valid, too:
 * programs repeat a few.
 */
export class KnownRequests {
  readonly #known = new Map<string, unknown>();

  /** A request as dynalite's actions take it; changes `data`. @throws dynalite's refusal */
  validated(operation: string, data: Json, checks: Checks): Json {
    const texts: object[] = [];
    const shape = repeats(operation, data) ? `${operation} ${shapeOf(data, texts)}` : "";
    const isKept = shape !== "" && !CHECKED_BY_VALUE.test(shape);
    const known = isKept && this.#known.get(shape);
    if (known) return copied(known, (part) => (part instanceof Slot ? texts[part.at] : undefined)) as Json;
    const checked = checks.types(data);
    const slots = new Map<unknown, Slot>();
    if (isKept) findSlots(data, checked, new Map(texts.map((text, at) => [text, new Slot(at)])), slots);
    checks.values(checked);
    if (isKept) {
      if (this.#known.size === MOST) this.#known.clear();
      const kept = copied(checked, (part) => slots.get(part));
      this.#known.set(shape, kept);
    }
    return checked;
  }
}

/** Whether a request is of a kind that is kept, and its validity does not depend on whether its strings are equal. */
function repeats(operation: string, { RequestItems }: Json): boolean {
  if (operation === "GetItem" || operation === "Query") return true;
  if (operation !== "BatchGetItem" || typeof RequestItems !== "object" || RequestItems === null) return false;
  return Object.values(RequestItems).every((asked: { readonly Keys?: unknown } | null) => {
    const keys = asked?.Keys;
    if (!Array.isArray(keys)) return false;
    const names = Object.keys(keys[0] ?? {});
    const texts = keys.map((key: Json) => names.map((name) => JSON.stringify(key?.[name])).join());
    return new Set(texts).size === keys.length;
  });
}

/** A request as text, with a mark for each short string of an attribute value. */
function shapeOf(value: unknown, texts: object[]): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "";
  if (Array.isArray(value)) return `[${value.map((one) => shapeOf(one, texts)).join()}]`;
  if (isText(value)) {
    texts.push(value);
    return "S";
  }
  return `{${Object.keys(value)
    .map((name) => `${JSON.stringify(name)}:${shapeOf((value as Json)[name], texts)}`)
    .join()}}`;
}

function isText(value: object): boolean {
  const { S, ...rest } = value as Json;
  return typeof S === "string" && S !== "" && S.length <= LONGEST && Object.keys(rest).length === 0;
}

/** The checked copy of each string. */
function findSlots(data: unknown, checked: unknown, ofData: ReadonlyMap<unknown, Slot>, slots: Map<unknown, Slot>) {
  const slot = ofData.get(data);
  if (slot) slots.set(checked, slot);
  else if (typeof data === "object" && data !== null) {
    for (const name of Object.keys(data)) findSlots((data as Json)[name], (checked as Json)?.[name], ofData, slots);
  }
}
