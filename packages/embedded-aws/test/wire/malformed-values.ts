import type { ConstrainedShape } from "../../src/wire/constraints/find-violations.ts";
import { wholeMatch } from "../../src/wire/constraints/whole-match.ts";
import { kindOf, membersOf, requiredMembers, type Shape, type ShapeKind } from "../../src/wire/shape.ts";
import { inputMembers, isForm, isJson, type Place, placeOf, type Target } from "./malformed-targets.ts";
import type { Draw } from "./value-of-shape.ts";

/** An input that its model forbids, and where it is carried. */
export interface Wrong {
  readonly input: Readonly<Record<string, unknown>>;
  readonly place: Place;
  /** For messages: what is wrong, and where. */
  readonly what: string;
}

const pick = <T>(draw: Draw, all: readonly T[]): T | undefined => all[draw(all.length)];

/** JSON has kinds; none of these can be of the key's kind. */
const IN_JSON: Partial<Record<ShapeKind, readonly unknown[]>> = {
  string: [5, true, {}, []],
  number: ["many", true, {}, []],
  boolean: ["maybe", 1, {}, []],
  timestamp: [true, {}, [], "yesterday"],
  blob: [5, true, {}, [], "***"],
  structure: ["text", 5, true, []],
  map: ["text", 5, true, []],
  list: ["text", 5, true, {}],
};

/** In forms, XML, query fields and headers everything is text, and any text is a text. */
const IN_TEXT: Partial<Record<ShapeKind, readonly unknown[]>> = {
  number: ["many", "1x", "0x10", "--1"],
  boolean: ["maybe", "2", "yes"],
  timestamp: ["yesterday", "2026-13-45T99:99:99Z"],
  blob: ["***", "a=b"],
};

/** A value of the wrong kind somewhere in the input; undefined if the input has no place for one. */
export function wrongKind(target: Target, draw: Draw): Wrong | undefined {
  const top = pick(
    draw,
    inputMembers(target).filter(([, member]) => {
      const place = placeOf(target, member);
      // HTTP lets a server ignore a condition that it cannot read, and the client sets the length.
      if (/^(if-|content-length$)/i.test(member.getMergedTraits().httpHeader ?? "")) return false;
      return place !== "label" && !(place === "payload" && kindOf(member) !== "structure");
    }),
  );
  if (!top) return undefined;
  const [name, member] = top;
  const place = placeOf(target, member);
  const json = isJson(target) || (target.protocol === "restJson1" && (place === "body" || place === "payload"));
  const found = wrongIn(member, draw, json ? IN_JSON : IN_TEXT, place === "body" || place === "payload", 6);
  return found && { input: { [name]: found.value }, place, what: `${name}${found.path}` };
}

interface Found {
  readonly value: unknown;
  readonly path: string;
}

function wrongIn(
  shape: Shape,
  draw: Draw,
  wrong: Partial<Record<ShapeKind, readonly unknown[]>>,
  deeper: boolean,
  left: number,
): Found | undefined {
  const kind = kindOf(shape);
  const here = wrong[kind];
  const nests = deeper && left > 0 && (kind === "structure" || kind === "list" || kind === "map");
  if (here && (!nests || draw(3) === 0)) return { value: pick(draw, here), path: "" };
  if (!nests) return undefined;
  if (kind === "structure") {
    const member = pick(draw, membersOf(shape));
    const found = member && wrongIn(member[1], draw, wrong, true, left - 1);
    return found && { value: { [member[0]]: found.value }, path: `.${member[0]}${found.path}` };
  }
  const found = wrongIn(shape.getValueSchema(), draw, wrong, true, left - 1);
  if (!found) return undefined;
  return { value: kind === "list" ? [found.value] : { key: found.value }, path: `[]${found.path}` };
}

/** An input without a member that the model requires; undefined where nothing can be left out. */
export function lacking(target: Target): Wrong | undefined {
  const required = requiredMembers(target.operation.input);
  // A REST request without a label, or without its distinguishing field, belongs to another operation.
  const left = inputMembers(target).filter(
    ([name, member]) => required.includes(name) && ["body", "payload"].includes(placeOf(target, member)),
  );
  const [name, member] = left[0] ?? [];
  if (name === undefined || !member) return undefined;
  // Any bytes are a body, none too.
  if (placeOf(target, member) === "payload" && kindOf(member) !== "structure") return undefined;
  return { input: {}, place: placeOf(target, member), what: `no ${name}` };
}

/** A value that breaks one constraint of the model, known by construction. */
export function violating(target: Target, draw: Draw): Wrong | undefined {
  const { operations, shapes } = target.constraints;
  const shape = shapes[operations[target.operation.name] ?? ""];
  const members = new Map(inputMembers(target));
  const name = pick(draw, Object.keys(shape?.members ?? {}));
  const member = name === undefined ? undefined : members.get(name);
  if (name === undefined || !member) return undefined;
  const place = placeOf(target, member);
  if (place === "label") return undefined;
  const found = breaking(target, shape?.members?.[name] ?? "", draw, 8);
  // A list in a query, an empty list in a form or in XML: cannot be distinguished from a missing one.
  if (!found || (place !== "body" && place !== "payload" && typeof found.value === "object")) return undefined;
  if ((isForm(target) || target.protocol === "restXml") && found.empty) return undefined;
  if (place === "header" && !/^[!-~]+$/.test(String(found.value))) return undefined;
  return { input: { [name]: found.value }, place, what: `${name}${found.path}` };
}

interface Broken extends Found {
  /** An empty list or map. */
  readonly empty?: boolean;
}

function breaking(target: Target, name: string, draw: Draw, left: number): Broken | undefined {
  const shape = target.constraints.shapes[name];
  if (!shape || left === 0) return undefined;
  const ways = [...ownWays(shape, target)];
  for (const [member, part] of Object.entries(shape.members ?? {})) {
    ways.push(() => nested(breaking(target, part, draw, left - 1), `.${member}`, (value) => ({ [member]: value })));
  }
  if (shape.kind === "list" && shape.item !== undefined) {
    const { item } = shape;
    ways.push(() => nested(breaking(target, item, draw, left - 1), "[]", (value) => [value]));
  }
  if (shape.kind === "map" && shape.value !== undefined) {
    const { value: part } = shape;
    ways.push(() => nested(breaking(target, part, draw, left - 1), "{}", (value) => ({ key: value })));
  }
  return pick(draw, ways)?.();
}

const nested = (found: Broken | undefined, step: string, wrap: (value: unknown) => unknown): Broken | undefined =>
  found && { ...found, value: wrap(found.value), path: `${step}${found.path}` };

/** Longer values would only make the flood slow. */
const LONGEST = 3_000;

function ownWays(shape: ConstrainedShape, { client }: Target): (() => Broken | undefined)[] {
  const ways: (() => Broken | undefined)[] = [];
  const { kind, min, max, pattern } = shape;
  if (kind === "string") {
    const values = typeof shape.enum === "string" ? Object.values(client[shape.enum] as object) : shape.enum;
    if (values) ways.push(() => ({ value: "NoSuchValue", path: " enum" }));
    if (max !== undefined && max < LONGEST) ways.push(() => ({ value: "a".repeat(max + 1), path: " max" }));
    if (min !== undefined && min > 1) ways.push(() => ({ value: "a".repeat(min - 1), path: " min" }));
    if (pattern !== undefined) ways.push(() => unmatched(pattern));
  }
  if (kind === "number") {
    if (max !== undefined) ways.push(() => ({ value: max + 1, path: " max" }));
    if (min !== undefined) ways.push(() => ({ value: min - 1, path: " min" }));
  }
  if (kind === "list" && min !== undefined && min > 0) ways.push(() => ({ value: [], path: " min", empty: true }));
  if (kind === "map" && min !== undefined && min > 0) ways.push(() => ({ value: {}, path: " min", empty: true }));
  return ways;
}

/** A text that the whole pattern does not match, if one of these does not. */
function unmatched(pattern: string): Broken | undefined {
  const regex = wholeMatch(pattern);
  const value = ["§ {}", "?", "\u0001", "a b", "-", "%%%"].find((one) => regex && !regex.test(one));
  return value === undefined ? undefined : { value, path: " pattern" };
}
