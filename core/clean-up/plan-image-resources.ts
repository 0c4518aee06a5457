import type { BuildArn } from "../../events/ids.ts";
import type { Leftover } from "./why-leftover.ts";

/** What Image Builder keeps of a build beside its AMIs: the build's own image resource, and one for each copy. */
export interface BuilderImages {
  readonly image: string;
  readonly build: BuildArn;
  readonly copies: readonly BuildArn[];
  /** Undefined: somebody may use it still. */
  readonly leftover: Leftover | undefined;
  /** The build's AMI in the build region was removed, or there was none. */
  readonly amiGone: boolean;
  /** When the last of its AMIs was deregistered by its retirement; undefined while there is one. */
  readonly retiredAt: string | undefined;
}

interface ForgottenImage {
  readonly image: string;
  readonly build: BuildArn;
  /** The image resource. */
  readonly resource: BuildArn;
  readonly why: string;
}

interface Times {
  readonly now: Date;
  readonly keepSeconds: number;
  /** For how long a retired build can be taken back. */
  readonly binSeconds: number;
}

/**
 * Image resources that nobody will ask about. Image Builder keeps them for ever, and they count against its quota. A retired
 * build's stay until it cannot be taken back; a leftover's own stays until its AMI is removed.
 */
export function planImageResources(builds: readonly BuilderImages[], { now, keepSeconds, binSeconds }: Times) {
  const isOver = (since: string, seconds: number) => Date.parse(since) + seconds * 1000 <= now.getTime();
  return builds.flatMap(({ image, build, copies, leftover, amiGone, retiredAt }): ForgottenImage[] => {
    const of = (why: string, resources: readonly BuildArn[]) =>
      resources.map((resource) => ({ image, build, resource, why }));
    if (retiredAt !== undefined) {
      return isOver(retiredAt, Math.max(keepSeconds, binSeconds)) ? of("it is retired", [...copies, build]) : [];
    }
    if (!leftover || !isOver(leftover.since, keepSeconds)) return [];
    return of(leftover.why, [...copies, ...(amiGone ? [build] : [])]);
  });
}
