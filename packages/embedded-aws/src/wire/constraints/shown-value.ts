import type { ConstrainedShape, ServiceConstraints } from "./service-constraints.ts";

/** As much of a value as a refusal repeats. */
const LONGEST = 2_000;

/** A value as Java prints it, which is what AWS's refusals repeat: `[a, b]`, `{k=v}`, `Tag(key=k, value=v)`. */
export function shownValue(value: unknown, name: string, { shapes }: ServiceConstraints): string {
  const text = print(value, name, shapes);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
}

function print(value: unknown, name: string | undefined, shapes: Readonly<Record<string, ConstrainedShape>>): string {
  const shape = name === undefined ? undefined : shapes[name];
  if (shape?.sensitive) return "***Sensitive Data Redacted***";
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `java.nio.HeapByteBuffer[pos=0 lim=${value.length} cap=${value.length}]`;
  if (Array.isArray(value)) return `[${value.map((one) => print(one, shape?.item, shapes)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  if (shape?.kind === "structure") {
    const members = entries.map(([key, one]) => `${lowered(key)}=${print(one, shape.members?.[key], shapes)}`);
    return `${name}(${members.join(", ")})`;
  }
  return `{${entries.map(([key, one]) => `${key}=${print(one, shape?.value, shapes)}`).join(", ")}}`;
}

const lowered = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
