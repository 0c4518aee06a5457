import type { BaseId } from "../../events/ids.ts";
import type { Trigger } from "../../events/trigger.ts";

/** A build, as far as its base counts. */
export interface BasedBuild {
  readonly startedAt: string;
  /** What it started from; unknown of a build that was started beside the factory, or while a registry did not answer. */
  readonly base?: BaseId | undefined;
}

/**
 * Whether a name, of a public AMI or a registry's container image, means another one than what the image's newest build
 * started from. An image without a build has nothing to be older than: people start its first one.
 */
export function decideBase(
  name: string,
  published: BaseId,
  builds: readonly BasedBuild[],
): Extract<Trigger, { kind: "base" }> | undefined {
  const newest = builds
    .filter(({ base }) => base !== undefined)
    .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))[0];
  if (!newest?.base || newest.base === published) return undefined;
  return { kind: "base", name, from: newest.base, to: published };
}
