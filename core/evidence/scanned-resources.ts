import type { Factory } from "../factory/factory-schema.ts";

/** Kinds of resources that Amazon Inspector scans, as its API names them. */
export type ScannedResources = "EC2" | "ECR";

/** What Amazon Inspector must scan for the factory's pipelines: Image Builder refuses one that scans where it is off. */
export function scannedResources({ images }: Pick<Factory, "images">): ScannedResources[] {
  const kinds = new Set(Object.values(images).map(({ kind }) => kind));
  return [...(kinds.has("ami") ? (["EC2"] as const) : []), ...(kinds.has("container") ? (["ECR"] as const) : [])];
}
