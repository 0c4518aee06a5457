import type { Factory } from "../factory/factory-schema.ts";

/** Resource types that Amazon Inspector scans, as in its API. */
export type ScannedResources = "EC2" | "ECR";

/** The resource types that Amazon Inspector must scan: without it, Image Builder rejects pipelines that scan. */
export function scannedResources({ images }: Pick<Factory, "images">): ScannedResources[] {
  const kinds = new Set(Object.values(images).map(({ kind }) => kind));
  return [...(kinds.has("ami") ? (["EC2"] as const) : []), ...(kinds.has("container") ? (["ECR"] as const) : [])];
}
