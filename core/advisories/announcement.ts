import type { ApplicableAdvisory } from "../../events/build.ts";
import type { BuildArn } from "../../events/ids.ts";
import { managerOf } from "../component/image-system.ts";
import type { Manifest } from "../evidence/manifest.ts";
import type { Image } from "../factory/image-schema.ts";
import type { Advisory } from "./feed.ts";
import { findApplicable, type InstalledPackage } from "./find-applicable.ts";
import { toUpdate, type Update } from "./priorities.ts";

/** A build and when it started. */
interface DatedBuild {
  readonly build: BuildArn;
  readonly startedAt: string;
}

/** An advisory that applies to the build that an image's last channel points at, and its state. */
export interface JudgedAdvisory {
  readonly advisory: ApplicableAdvisory;
  /** The build that was started because of it. */
  readonly started: DatedBuild | undefined;
  /** It waits for a build, or never starts one. */
  readonly settled: boolean;
}

interface WatchSituation {
  readonly advisories: readonly JudgedAdvisory[];
  /** The build that the channel points at. */
  readonly promoted: DatedBuild;
  /** A build of the image is in progress and may fix everything. */
  readonly building: boolean;
  /** Advisories that a newer build, on its way to the channel, already fixes. */
  readonly underWay: ReadonlySet<string>;
}

export interface Announcement {
  /** Advisories to announce, so that a build starts. */
  readonly announce: readonly ApplicableAdvisory[];
  /** Advisories that still apply to a build that was started because of them, or to a newer one. */
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

interface Asked {
  readonly image: string;
  readonly config: Pick<Image, "os" | "architecture">;
  readonly packages: Manifest;
  readonly advisories: readonly Advisory[];
}

/** The advisories of a feed that are worth storing. */
interface Open {
  /** For packages that are installed in an older version, whatever the severity: thresholds and waivers can change. */
  readonly open: readonly Advisory[];
  /** For installed packages, but it is unknown whether they apply. */
  readonly unjudged: readonly { readonly advisory: string; readonly reason: string }[];
}

/** Which advisories concern the packages of an image, regardless of its thresholds and waivers. */
export function findOpen({ image, config, packages, advisories }: Asked): Open {
  const { os, architecture } = config;
  const { applicable, passedOver, unjudged } = findApplicable({
    image,
    packages,
    manager: managerOf(os),
    architecture,
    advisories,
    threshold: "unknown",
    waivers: [],
    now: new Date(0),
  });
  const ids = new Set(applicable.map(({ id }) => id));
  return {
    open: advisories.filter(({ id }) => ids.has(id)),
    unjudged: [
      ...passedOver,
      ...unjudged.map((one) => ({ advisory: one.advisory, reason: `${one.package}: ${one.reason}` })),
    ],
  };
}

/** The packages that are older than an advisory's fixed version, by advisory id. */
export function findOlder({
  image,
  config,
  packages,
  advisories,
}: Asked): ReadonlyMap<string, ApplicableAdvisory["packages"]> {
  const { os, architecture } = config;
  const manager = managerOf(os);
  const asked = { image, packages, manager, architecture, advisories, waivers: [], now: new Date(0) };
  const { applicable } = findApplicable({ ...asked, threshold: "unknown" });
  return new Map(applicable.map(({ id, packages: installed }) => [id, installed]));
}

/** The package updates that advisories of an archive mean for an image, by advisory id. */
export function findUpdates(asked: Asked, ecosystem: string): ReadonlyMap<string, Update> {
  const byId = new Map(asked.advisories.map((one) => [one.id, one]));
  return new Map(
    [...findOlder(asked)].flatMap(([id, installed]) => {
      const update = toUpdate(ecosystem, byId.get(id) ?? {}, installed);
      return update ? [[id, update]] : [];
    }),
  );
}

/** A promoted build, with what was installed in it, by name. */
interface PromotedBuild {
  readonly build: BuildArn;
  readonly packages: ReadonlyMap<string, readonly InstalledPackage[]>;
}

/**
 * Adds to each package the first promoted build that has it in this version without interruption.
 * @param history the promoted builds, newest first: the first is the one that the advisories apply to
 */
export const addSince = (
  advisories: readonly ApplicableAdvisory[],
  history: readonly PromotedBuild[],
): ApplicableAdvisory[] =>
  advisories.map((advisory) => ({
    ...advisory,
    packages: advisory.packages.map((one) => {
      const since = firstWith(one, history);
      return since ? { ...one, since } : one;
    }),
  }));

/** The oldest build of the unbroken series that has the package. */
function firstWith(
  { name, architecture, installed }: ApplicableAdvisory["packages"][number],
  history: readonly PromotedBuild[],
): BuildArn | undefined {
  const has = ({ packages }: PromotedBuild) =>
    packages.get(name)?.some((one) => one.architecture === architecture && one.version === installed);
  const end = history.findIndex((promoted) => !has(promoted));
  return (end < 0 ? history : history.slice(0, end)).at(-1)?.build;
}
