const MASK = "***";

/** Masks secret values in every string of a value; longer secrets first, since one can contain another. */
export function maskSecrets<Value>(value: Value, secrets: readonly string[]): Value {
  const longestFirst = secrets.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
  return longestFirst.length === 0 ? value : (mask(value, longestFirst) as Value);
}

function mask(value: unknown, secrets: readonly string[]): unknown {
  if (typeof value === "string") return secrets.reduce((text, secret) => text.replaceAll(secret, MASK), value);
  if (Array.isArray(value)) return value.map((item) => mask(item, secrets));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mask(item, secrets)]));
}
