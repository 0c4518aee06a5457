import type { AmiId } from "../../events/ids.ts";
import type { Trigger } from "../../events/trigger.ts";

/** A build, as far as its base counts. */
export interface BasedBuild {
  readonly startedAt: string;
  /** The public AMI that it started from; unknown of a build that was started beside the factory. */
  readonly base?: AmiId | undefined;
}

/**
 * Whether the public AMI behind a parameter is another one than the image's newest build started from. An image without a
 * build has nothing to be older than: people start its first one.
 */
export function decideBase(
  parameter: string,
  published: AmiId,
  builds: readonly BasedBuild[],
): Extract<Trigger, { kind: "base" }> | undefined {
  const newest = builds
    .filter(({ base }) => base !== undefined)
    .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))[0];
  if (!newest?.base || newest.base === published) return undefined;
  return { kind: "base", parameter, from: newest.base, to: published };
}
