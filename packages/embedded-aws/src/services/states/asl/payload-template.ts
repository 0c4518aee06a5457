import { isObject, type Json } from "./json.ts";

/** A field of a payload template whose name ends in `.$`: its value is a path. */
export const isPathField = (field: string): boolean => field.endsWith(".$");

/**
 * `Parameters`, `ResultSelector`, `ItemSelector` and `Assign`: the template with every `name.$` replaced by `name` and
 * its path's value. Everything else is unchanged.
 */
export function fillTemplate(template: Json, read: (path: string, field: string) => Json): Json {
  if (Array.isArray(template)) return template.map((part: Json) => fillTemplate(part, read));
  if (!isObject(template)) return template;
  const entries = Object.entries(template).map(([field, part]) =>
    isPathField(field) ? [field.slice(0, -2), read(part as string, field)] : [field, fillTemplate(part, read)],
  );
  return Object.fromEntries(entries) as Json;
}
