import { findAllStarted } from "../../adapters/build/claims.ts";
import { gateOf } from "../../adapters/evidence/evidence.ts";
import { readEach } from "../../adapters/ledger/wanted.ts";
import { whetherUndone } from "../../adapters/promotion/promotion.ts";
import { type Announcement, decideAnnouncement, findOpen } from "../../core/advisories/announcement.ts";
import { type Exploits, findPressing } from "../../core/advisories/exploits.ts";
import type { Advisory } from "../../core/advisories/feed.ts";
import { findApplicable } from "../../core/advisories/find-applicable.ts";
import { reasonTokens } from "../../core/build/reasons.ts";
import { managerOf } from "../../core/component/image-system.ts";
import type { ApplicableAdvisory } from "../../events/build.ts";
import type { BuildArn } from "../../events/ids.ts";
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
}

/** Judges the advisories of an image's promoted build by the image's config and by what was already done. */
export async function judgeImage(
  watched: WatchedImage,
  advisories: readonly Advisory[],
  exploits: Exploits,
  step: WatchRun,
): Promise<ImageJudgement> {
  const { image, promoted } = watched;
  const state = await step.stateOf(image);
  const { applicable, passedOver, exposed } = await judgePackages(watched, advisories, exploits, step);
  const ignored = new Map((await step.suppressedOf(image)).map((one) => [one.token, one]));
  const waiting = new Set(state.pending.map(({ token }) => token));
  const tokenOf = (advisory: ApplicableAdvisory) => tokenFor(image, promoted.build, advisory);
  const isSettled = (token: string) => {
    const never = ignored.get(token);
    const isOver = never?.decision === "never" && never.told === true && never.code !== "passed-over";
    return waiting.has(token) || isOver;
  };
  const open = applicable.filter((advisory) => !isSettled(tokenOf(advisory)));
  const started = await findAllStarted(step.ledger, image, open.map(tokenOf));
  const isBuilding = state.claim !== undefined;
  // A build in promotion matters only for advisories without a build, while none is running.
  const depends = !isBuilding && open.some((advisory) => !started.has(tokenOf(advisory)));
  const under = depends ? await findUnderWay(watched, advisories, step) : new Set<string>();
  const decided = decideAnnouncement({
    advisories: applicable.map((advisory) => {
      const token = tokenOf(advisory);
      const build = state.builds.find((one) => one.build === started.get(token));
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
  return { ...decided, passedOver: passedOver.filter(isNew), exposed };
}

/** The token of one advisory as a trigger of the image. */
function tokenFor(image: string, build: BuildArn, advisory: ApplicableAdvisory): string {
  const [token = ""] = reasonTokens(image, { kind: "packages", build, advisories: [advisory], others: [] }, "");
  return token;
}

async function judgePackages(
  watched: WatchedImage,
  advisories: readonly Advisory[],
  exploits: Exploits,
  step: WatchRun,
) {
  const { image, config, promoted } = watched;
  const asked = {
    image,
    packages: await requireManifest(promoted.build, step),
    manager: managerOf(config.os),
    architecture: config.architecture,
    advisories,
    now: step.now,
  };
  const all = new Map(
    findApplicable({ ...asked, threshold: "unknown", waivers: [] }).applicable.map((one) => [one.id, one]),
  );
  const counting = {
    ...asked,
    threshold: config.triggers.packages.severity,
    pressing: (cves: readonly string[]) => findPressing(cves, config.triggers.packages, exploits),
    waivers: await step.waivers(),
  };
  const parent = await findParentPackages(watched, step);
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
async function findParentPackages({ image, config: { parent, triggers }, promoted }: WatchedImage, step: WatchRun) {
  if (!triggers.parent || !("image" in parent) || !step.settings.factory.images[parent.image]?.triggers.packages)
    return undefined;
  const { builds } = await step.stateOf(image);
  const parentBuild = builds.find(({ build }) => build === promoted.build)?.parentBuild;
  return parentBuild && { image: parent.image, packages: await requireManifest(parentBuild, step) };
}

/**
 * The advisories that the newest build on its way to the channel fixes; they need no build. `not-known-yet` while that
 * build's evidence is being collected.
 */
async function findUnderWay(
  watched: WatchedImage,
  advisories: readonly Advisory[],
  step: WatchRun,
): Promise<ReadonlySet<string> | "not-known-yet"> {
  const build = await findNewestUnderWay(watched, step);
  if (!build) return new Set();
  const packages = await step.manifest(build);
  if (!packages) return "not-known-yet";
  const { image, config } = watched;
  const { open, unjudged } = findOpen({ image, config, packages, advisories });
  const still = new Set([...open.map(({ id }) => id), ...unjudged.map(({ advisory }) => advisory)]);
  return new Set(advisories.map(({ id }) => id).filter((id) => !still.has(id)));
}

/** Available, newer than the promoted one, and neither rejected nor undone. */
async function findNewestUnderWay({ image, promoted }: WatchedImage, { ledger, stateOf }: WatchRun) {
  const younger = (await stateOf(image)).builds
    .filter(({ status, startedAt }) => status === "available" && Date.parse(startedAt) > Date.parse(promoted.startedAt))
    .toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt));
  const builds = younger.map(({ build }) => build);
  const found = await readEach(ledger, builds, (build) => [gateOf(build), whetherUndone(build)] as const);
  return builds.find((build) => {
    const [gate, undone] = found.get(build) ?? [];
    return gate?.verdict !== "rejected" && !undone;
  });
}
