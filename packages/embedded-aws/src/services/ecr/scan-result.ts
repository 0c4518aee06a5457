import type { ContentFinding } from "./image-contents.ts";

/** A scan of an image; times in milliseconds since the epoch. */
export type ImageScan = BasicScan | EnhancedScan;

/** ECR's own scan, once: what it found stays as it was. */
interface BasicScan {
  readonly kind: "basic";
  readonly startedAt: number;
  completedAt: number | undefined;
  findings: readonly ContentFinding[];
}

/** Amazon Inspector's, which goes on: what is found is asked for when somebody looks. */
interface EnhancedScan {
  readonly kind: "enhanced";
  readonly startedAt: number;
  completedAt: number | undefined;
}
