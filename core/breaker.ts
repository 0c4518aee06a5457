/** A build, as far as the breaker looks at it. */
export interface JudgedBuild {
  readonly status: "building" | "available" | "failed" | "cancelled";
  readonly startedAt: string;
  /** The image's fingerprint when it was started; unknown of builds that were started beside the factory. */
  readonly config?: string | undefined;
}

/**
 * How many builds in a row failed of what the image is now, the newest first. One that succeeded ends the row, and so
 * does one of an earlier config; one that is under way, that somebody cancelled, or whose config nobody knows is passed
 * over.
 */
export function failuresInARow(builds: readonly JudgedBuild[], config: string): number {
  let failures = 0;
  for (const build of builds.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))) {
    if (build.status === "available" || (build.config !== undefined && build.config !== config)) break;
    if (build.status === "failed" && build.config === config) failures++;
  }
  return failures;
}
