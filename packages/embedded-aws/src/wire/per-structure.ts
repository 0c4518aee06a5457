import { oncePer } from "./once-per.ts";
import type { Shape } from "./shape.ts";

/**
 * Compiles each structure once, wherever it is used. A structure may contain itself, so what is compiled must look
 * at its members only when it first runs.
 */
export function perStructure<T>(compile: (shape: Shape) => T): (shape: Shape) => T {
  const known = oncePer((_schema: object): { compiled?: T } => ({}));
  return (shape) => {
    const entry = known(shape.getSchema() as object);
    entry.compiled ??= compile(shape);
    return entry.compiled;
  };
}
