import type { ApplicableAdvisory } from "../../events/advisory.ts";
import type { BuildArn } from "../../events/ids.ts";

/** A build, as far as it can answer an advisory. */
interface DatedBuild {
  readonly build: BuildArn;
  readonly startedAt: string;
}

/** An advisory that applies to the build that an image's last channel points at, and what has become of it. */
export interface JudgedAdvisory {
  readonly advisory: ApplicableAdvisory;
  /** The build that was started because of it. */
  readonly started: DatedBuild | undefined;
  /** It waits for a build, or starts none ever. */
  readonly settled: boolean;
}

export interface WatchSituation {
  readonly advisories: readonly JudgedAdvisory[];
  /** The build that the channel points at. */
  readonly promoted: DatedBuild;
  /** The image is being built: what comes of it may answer everything. */
  readonly building: boolean;
  /** Of these a newer build, on its way to the channel, is free already. */
  readonly underWay: ReadonlySet<string>;
}

export interface Announcement {
  /** To be said, so that a build is started because of them. */
  readonly announce: readonly ApplicableAdvisory[];
  /** They apply to a build still that was started because of them, or to a newer one. */
  readonly unfixed: readonly { readonly advisory: ApplicableAdvisory; readonly started: DatedBuild }[];
}

/** Which advisories that apply to an image are reasons to build it now. */
export function decideAnnouncement({ advisories, promoted, building, underWay }: WatchSituation): Announcement {
  const open = advisories.filter(({ settled }) => !settled);
  return {
    announce: building
      ? []
      : open.filter(({ advisory, started }) => !started && !underWay.has(advisory.id)).map(({ advisory }) => advisory),
    unfixed: open.flatMap(({ advisory, started }) =>
      started && Date.parse(started.startedAt) <= Date.parse(promoted.startedAt) ? [{ advisory, started }] : [],
    ),
  };
}
