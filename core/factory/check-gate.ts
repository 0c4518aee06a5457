import type { Factory } from "./factory-schema.ts";
import type { Image } from "./image-schema.ts";

/** Gates that contradict themselves. */
export const checkGates = ({ images }: Factory): string[] =>
  Object.entries(images).flatMap(([name, { gate }]) => [
    ...checkPackages(`images.${name}.gate.packages`, gate),
    ...checkBaseline(`images.${name}.gate.cis.baseline`, gate),
  ]);

function checkPackages(at: string, { packages }: Image["gate"]): string[] {
  if (!packages) return [];
  return packages.required
    .filter((name) => packages.forbidden.includes(name))
    .map((name) => `${at}: "${name}" is both required and forbidden`);
}

/** A baseline says what an image fails of one profile, or level. */
function checkBaseline(at: string, { cis }: Image["gate"]): string[] {
  if (!cis?.baseline) return [];
  if (cis.by === "inspector") {
    if (cis.baseline.level === cis.level) return [];
    return [`${at}.level: expected the gate's ${cis.level}, found ${cis.baseline.level}`];
  }
  if (cis.baseline.profile === cis.profile) return [];
  return [`${at}.profile: expected the gate's "${cis.profile}", found "${cis.baseline.profile}"`];
}
