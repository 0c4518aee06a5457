/** A deep copy in plain JSON: bytes as base64, dates as seconds, undefined members left out. */
export function toJson(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [[key, toJson(member)]])),
  );
}

/** Puts bytes in place where an attribute value is binary (`{B: base64}`, `{BS: [base64]}`); dynalite's answers are ours alone. */
export function fromJson(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const members = value as Record<string, unknown>;
  for (const key in members) {
    const member = members[key];
    if (typeof member === "object") fromJson(member);
    // An attribute that is itself named B holds an object.
    if (key === "B" && typeof member === "string") members.B = bytes(member);
    if (key === "BS" && isStrings(member)) members.BS = member.map(bytes);
  }
  return value;
}

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, "base64"));
const isStrings = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === "string");
