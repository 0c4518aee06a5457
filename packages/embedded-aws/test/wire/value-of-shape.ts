import type { NormalizedSchema } from "@smithy/core/schema";
import { kindOf, membersOf, requiredMembers } from "../../src/wire/shape.ts";

/** Random numbers of one seed: the same seed gives the same value. */
export type Draw = (below: number) => number;

export function drawFrom(seed: number): Draw {
  let state = seed | 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return (state >>> 8) % below;
  };
}

const LETTERS = "abcXYZ019<>&\"'é/:=+%- ";
const SAFE = "abcXYZ019-";

/** A value that every protocol can carry. `deep` bounds how far optional members go. */
export function valueOfShape(shape: NormalizedSchema, draw: Draw, deep = 4): unknown {
  const traits = shape.getMergedTraits();
  switch (kindOf(shape)) {
    case "structure":
      return structure(shape, draw, deep);
    case "list":
      return Array.from({ length: 1 + draw(2) }, () => valueOfShape(shape.getValueSchema(), draw, deep - 1));
    case "map":
      return Object.fromEntries(
        Array.from({ length: 1 + draw(2) }, () => [
          text(draw, SAFE),
          valueOfShape(shape.getValueSchema(), draw, deep - 1),
        ]),
      );
    case "number":
      return traits.httpResponseCode ? 200 : draw(1000);
    case "boolean":
      return draw(2) === 1;
    case "timestamp":
      return new Date(draw(2_000_000) * 1000);
    case "blob":
      return Uint8Array.from({ length: 1 + draw(5) }, () => draw(256));
    case "document":
      return {};
    default:
      return text(draw, traits.httpLabel || traits.httpHeader ? SAFE : LETTERS);
  }
}

function structure(shape: NormalizedSchema, draw: Draw, deep: number): object {
  // The SDK generates omitted tokens, and every response has a status.
  const tokens = membersOf(shape).filter(
    ([, member]) => member.isIdempotencyToken() || member.getMergedTraits().httpResponseCode,
  );
  const required = [...requiredMembers(shape), ...tokens.map(([name]) => name)];
  const members = membersOf(shape);
  // A union has exactly one member.
  const only = shape.isUnionSchema() ? members[draw(members.length)]?.[0] : undefined;
  const wanted = members.filter(([name]) =>
    only ? name === only : required.includes(name) || (deep > 0 && draw(3) > 0),
  );
  // Forms cannot carry a structure without members.
  const given =
    wanted.length > 0 ? wanted : members.toSorted(([, a], [, b]) => Number(isNest(a)) - Number(isNest(b))).slice(0, 1);
  return Object.fromEntries(given.map(([name, member]) => [name, valueOfShape(member, draw, deep - 1)]));
}

const isNest = (shape: NormalizedSchema) => ["structure", "list", "map"].includes(kindOf(shape));

/** Never empty, and without white space at its ends: XML parsers and HTTP headers drop it. */
function text(draw: Draw, letters: string): string {
  const inside = Array.from({ length: draw(8) }, () => letters[draw(letters.length)]).join("");
  return `a${inside}z`;
}
