import { isDeepStrictEqual } from "node:util";

/** An attribute's value with its type, such as `{ S: "a" }`. */
type Value = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, Value>>;

/**
 * The item, in which lists and maps that equal one of a condition's values are that very value: dynalite compares lists
 * and maps by identity, DynamoDB by what is in them (DynamoDB API reference, "Condition", EQ).
 */
export function withSharedDocuments(item: Item, values: Readonly<Record<string, Value>> | undefined): Item {
  const documents = Object.values(values ?? {}).filter(isDocument);
  if (documents.length === 0) return item;
  const share = (value: Value): Value => {
    if (!isDocument(value)) return value;
    const equal = documents.find((one) => isDeepStrictEqual(one, value));
    if (equal) return equal;
    return Array.isArray(value.L) ? { L: value.L.map(share) } : { M: shareAll(value.M as Item) };
  };
  const shareAll = (all: Item): Item =>
    Object.fromEntries(Object.entries(all).map(([name, one]) => [name, share(one)]));
  return shareAll(item);
}

const isDocument = (value: Value): boolean => "L" in value || "M" in value;
