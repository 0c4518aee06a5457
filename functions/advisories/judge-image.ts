import { buildOf } from "../../adapters/build/builds.ts";
import { gateOf } from "../../adapters/evidence/evidence.ts";
import { readBatch, readBatchOf } from "../../adapters/ledger/reads.ts";
import { whetherUndone } from "../../adapters/promotion/promotion.ts";
import { type Announcement, decideAnnouncement, findOpen } from "../../core/advisories/announcement.ts";
import { type Exploits, findPressing } from "../../core/advisories/exploits.ts";
import type { Advisory } from "../../core/advisories/feed.ts";
import { findApplicable } from "../../core/advisories/find-applicable.ts";
import { findUrgent, watchedRule } from "../../core/advisories/urgency.ts";
import { managerOf } from "../../core/component/image-system.ts";
import type { ApplicableAdvisory } from "../../events/build.ts";
import type { UrgentAdvisory } from "../../events/gate.ts";
import { type KnownReasons, tokenFor } from "./read-reasons.ts";
import { requireManifest, type WatchedImage, type WatchRun } from "./watch-run.ts";

/** An advisory on an installed package that does not start a build, with the reason. */
interface PassedOver {
  readonly advisory: ApplicableAdvisory;
  readonly reason: string;
}

export interface ImageJudgement extends Announcement {
  /** Those not reported before. */
  readonly passedOver: readonly PassedOver[];
  /** All that count by the config, including those already handled or fixed by the parent. */
  readonly exposed: readonly Advisory[];
  /** Those that are urgent, including those already handled, without those fixed by the parent. */
  readonly urgent: readonly UrgentAdvisory[];
}

/** The open advisories of an image's promoted build, and what else they are judged by. */
interface Judged {
  readonly advisories: readonly Advisory[];
  readonly exploits: Exploits;
  readonly reasons: KnownReasons;
}

/** Judges the advisories of an image's promoted build by the image's config and by what was already done. */
export async function judgeImage(watched: WatchedImage, judged: Judged, invocation: WatchRun): Promise<ImageJudgement> {
  const { image, promoted } = watched;
  const { advisories, reasons } = judged;
  const { building: isBuilding, waiting, ignored, started } = reasons;
  const { applicable, passedOver, exposed } = await judgePackages(watched, judged, invocation);
  const tokenOf = ({ id }: ApplicableAdvisory) => tokenFor(image, promoted.build, id);
  const isSettled = (token: string) => {
    const never = ignored.get(token);
    const isOver = never?.decision === "never" && never.told === true && never.code !== "passed-over";
    return waiting.has(token) || isOver;
  };
  const open = applicable.filter((advisory) => !isSettled(tokenOf(advisory)));
  const builds = await readBatch(
    invocation.ledger,
    [...new Set(open.flatMap((advisory) => started.get(tokenOf(advisory)) ?? []))].map((build) =>
      buildOf(image, build),
    ),
  );
  // A build in promotion matters only for advisories without a build, while none is running.
  const depends = !isBuilding && open.some((advisory) => !started.has(tokenOf(advisory)));
  const under = depends ? await findUnderWay(watched, advisories, invocation) : new Set<string>();
  const decided = decideAnnouncement({
    advisories: applicable.map((advisory) => {
      const token = tokenOf(advisory);
      const build = builds.find((one) => one !== undefined && one.build === started.get(token));
      return { advisory, started: build, settled: isSettled(token) };
    }),
    promoted,
    building: isBuilding || under === "not-known-yet",
    underWay: under === "not-known-yet" ? new Set() : under,
  });
  const isNew = ({ advisory }: PassedOver) => {
    const before = ignored.get(tokenOf(advisory));
    return before?.code !== "passed-over" || before.told !== true;
  };
  const urgent = findUrgent(applicable, watched.config.urgent, watched.urgent, invocation.now);
  return { ...decided, passedOver: passedOver.filter(isNew), exposed, urgent };
}

async function judgePackages(watched: WatchedImage, { advisories, exploits, reasons }: Judged, invocation: WatchRun) {
  const { image, config, promoted } = watched;
  const asked = {
    image,
    packages: await requireManifest(promoted.build, invocation),
    manager: managerOf(config.os),
    architecture: config.architecture,
    advisories,
    now: invocation.now,
  };
  const all = new Map(
    findApplicable({ ...asked, threshold: "unknown", waivers: [] }).applicable.map((one) => [one.id, one]),
  );
  const rule = watchedRule(config.triggers.packages, config.urgent);
  const unwaived = {
    ...asked,
    threshold: rule.severity,
    pressing: (cves: readonly string[]) => findPressing(cves, rule, exploits),
    waivers: [],
  };
  // A waiver matters only for an advisory that would count.
  const isAnyCounting = findApplicable(unwaived).applicable.length > 0;
  const counting = { ...unwaived, waivers: isAnyCounting ? await invocation.waivers() : [] };
  const parent = await findParentPackages(watched, reasons, invocation);
  const { applicable, passedOver } = findApplicable({ ...counting, parent });
  const inImage = parent ? findApplicable(counting).applicable : applicable;
  const ids = new Set(inImage.map(({ id }) => id));
  return {
    exposed: advisories.filter(({ id }) => ids.has(id)),
    applicable,
    passedOver: passedOver.flatMap(({ advisory: id, reason }): PassedOver[] => {
      const advisory = all.get(id);
      return advisory ? [{ advisory, reason }] : [];
    }),
  };
}

/**
 * The packages that the promoted build has from its parent, if the parent's packages are watched and the image follows
 * it: only then a fix comes with the parent.
 */
async function findParentPackages(
  { config: { parent, triggers } }: WatchedImage,
  { record }: KnownReasons,
  invocation: WatchRun,
) {
  if (!triggers.parent || !("image" in parent) || !invocation.settings.factory.images[parent.image]?.triggers.packages)
    return undefined;
  const parentBuild = record?.parentBuild;
  return parentBuild && { image: parent.image, packages: await requireManifest(parentBuild, invocation) };
}

/**
 * The advisories that the newest build on its way to the channel fixes; they need no build. `not-known-yet` while that
 * build's evidence is being collected.
 */
async function findUnderWay(
  watched: WatchedImage,
  advisories: readonly Advisory[],
  invocation: WatchRun,
): Promise<ReadonlySet<string> | "not-known-yet"> {
  const build = await findNewestUnderWay(watched, invocation);
  if (!build) return new Set();
  const packages = await invocation.manifest(build);
  if (!packages) return "not-known-yet";
  const { image, config } = watched;
  const { open, unjudged } = findOpen({ image, config, packages, advisories });
  const still = new Set([...open.map(({ id }) => id), ...unjudged.map(({ advisory }) => advisory)]);
  return new Set(advisories.map(({ id }) => id).filter((id) => !still.has(id)));
}

/** Available, newer than the promoted one, and neither rejected nor undone. */
async function findNewestUnderWay({ image, promoted }: WatchedImage, { ledger, buildsOf }: WatchRun) {
  const younger = (await buildsOf(image))
    .filter(({ status, startedAt }) => status === "available" && Date.parse(startedAt) > Date.parse(promoted.startedAt))
    .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  const builds = younger.map(({ build }) => build);
  const found = await readBatchOf(ledger, builds, (build) => [gateOf(build), whetherUndone(build)] as const);
  return builds.find((build) => {
    const [gate, undone] = found.get(build) ?? [];
    return gate?.verdict !== "rejected" && !undone;
  });
}
