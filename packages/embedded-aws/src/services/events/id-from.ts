import { createHash } from "node:crypto";

/**
 * A UUID for an event that is made only when something can see it. It takes none of the common sequence: what listens
 * must not change the ids of a run.
 * @param key says which event it is among all
 */
export function idFrom(key: string): string {
  const hex = createHash("sha256").update(key).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
