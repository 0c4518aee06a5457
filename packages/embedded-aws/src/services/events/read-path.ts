import { AwsError } from "../../engine/aws-error.ts";

type Step = string | number | "*";

/**
 * What a JSON path finds: dots, dashes, indices and `*`, which is all that EventBridge's input paths know.
 * Undefined where there is nothing; with `*` a list of all that was found.
 */
export function readPath(event: unknown, path: string): unknown {
  let found: unknown[] = [event];
  const steps = parsePath(path);
  for (const step of steps) found = found.flatMap((value) => children(value, step));
  return steps.includes("*") ? found : found[0];
}

/** Refuses a path that EventBridge cannot read. */
export function parsePath(path: string): Step[] {
  if (!/^\$(?:\.(?:[\w/-]+|\*)|\[(?:\d+|\*|'[^']+'|"[^"]+")\])*$/.test(path)) {
    throw new AwsError("ValidationException", `Parameter InputPath is not valid. Reason: ${path} is not a JSON path.`);
  }
  const steps = path.matchAll(/\.([\w/-]+|\*)|\[(\d+)\]|\[(\*)\]|\['([^']+)'\]|\["([^"]+)"\]/g);
  return [...steps].map(([, name, index, all, single, double]) =>
    index !== undefined ? Number(index) : (name ?? all ?? single ?? double ?? ""),
  );
}

function children(value: unknown, step: Step): unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step === "*") return Object.values(value);
  if (!Object.hasOwn(value, step)) return [];
  return [(value as Record<string | number, unknown>)[step]];
}
