import type { Factory } from "./factory-schema.ts";

/**
 * What an image starts from outside the factory, by its ancestors if its parent is one of the factory's images; undefined
 * where an ancestor is missing, or is its own.
 */
export function rootParent(
  { images }: Pick<Factory, "images">,
  name: string,
): Factory["images"][string]["parent"] | undefined {
  const seen = new Set<string>();
  for (let at = name; !seen.has(at); ) {
    seen.add(at);
    const parent = images[at]?.parent;
    if (!parent || !("image" in parent)) return parent;
    at = parent.image;
  }
  return undefined;
}
