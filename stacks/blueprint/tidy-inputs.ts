/** Inputs that are JSON documents in strings; as objects their differences can be read. */
const documents = ["policy", "assumeRolePolicy", "eventPattern", "definition", "input", "templateBody"];

/** Inputs in a form that is the same each time and good to read: names sorted, documents parsed in their own order. */
export const tidyInputs = (inputs: Record<string, unknown>): Record<string, unknown> =>
  tidy(inputs) as Record<string, unknown>;

function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, inner]) => inner !== undefined && inner !== null)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(
    entries.map(([name, inner]) => [name, documents.includes(name) ? toDocument(inner) : tidy(inner)]),
  );
}

const toDocument = (value: unknown): unknown => (typeof value === "string" ? JSON.parse(value) : value);
