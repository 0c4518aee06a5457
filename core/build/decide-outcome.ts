import type { ArtifactId } from "../../events/ids.ts";

/** An image's state as Image Builder reports it (API reference, ImageState). */
export interface ImageTruth {
  readonly status: string;
  readonly reason: string | undefined;
  /** The artifact in the build region. */
  readonly artifact: ArtifactId | undefined;
  readonly sourcePipelineArn: string | undefined;
}

export type Outcome =
  | { readonly kind: "under-way" }
  | { readonly kind: "available"; readonly artifact: ArtifactId }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "cancelled" };

/**
 * The outcome of a build. Every status that does not lead to AVAILABLE ends it: a build that was deprecated, disabled or
 * deleted in the meantime must not be waited for.
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
      return { kind: "failed", reason: reason ?? `Image Builder reports ${status} without a reason` };
  }
}
