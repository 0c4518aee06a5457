import type { ArtifactId } from "../../events/ids.ts";

/** Image Builder's own word for an image's state (API reference, ImageState). */
export interface ImageTruth {
  readonly status: string;
  readonly reason: string | undefined;
  /** What it yielded in the build region. */
  readonly artifact: ArtifactId | undefined;
  readonly sourcePipelineArn: string | undefined;
}

export type Outcome =
  | { readonly kind: "under-way" }
  | { readonly kind: "available"; readonly artifact: ArtifactId }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "cancelled" };

/**
 * What has become of a build. Every status that is not on the way to AVAILABLE ends it: one that was deprecated,
 * disabled or deleted before anybody looked must not be waited for.
 */
export function decideOutcome({
  status,
  reason,
  artifact,
}: Pick<ImageTruth, "status" | "reason" | "artifact">): Outcome {
  switch (status) {
    case "PENDING":
    case "CREATING":
    case "BUILDING":
    case "TESTING":
    case "DISTRIBUTING":
    case "INTEGRATING":
      return { kind: "under-way" };
    case "AVAILABLE":
      return artifact
        ? { kind: "available", artifact }
        : { kind: "failed", reason: "AVAILABLE without an AMI or a container image in the build region" };
    case "CANCELLED":
      return { kind: "cancelled" };
    default:
      return { kind: "failed", reason: reason ?? `Image Builder says ${status} and no more` };
  }
}
