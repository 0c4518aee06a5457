import type { BuildRecord } from "../../adapters/build/builds.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { measureImage } from "../../core/monitoring/measure-image.ts";
import { staleAfter } from "../../core/monitoring/stale-after.ts";
import { sayFailure, sayRejection } from "../../core/promotion/decide-progress.ts";
import { inAge } from "../command/moments.ts";
import { type Facts, findRecord } from "./facts.ts";
import { problemsBeside } from "./problems-beside.ts";
import { named, type Problem, problem } from "./shape.ts";

/** What is wrong now, image by image, and then what belongs to none. */
export const findProblems = (facts: Facts): Problem[] => [
  ...facts.images.flatMap((image) => [
    ...findBuildProblems(facts, image),
    ...findPromotionProblems(facts, image),
    ...findEmpty(facts, image),
    ...findChannelProblems(facts, image),
    ...findRolloutProblems(facts, image),
  ]),
  ...problemsBeside(facts),
];

function findBuildProblems(facts: Facts, image: string): Problem[] {
  const builds = facts.builds.get(image) ?? [];
  const config = facts.factory.images[image];
  const newest = builds.find(({ status }) => status === "failed" || status === "available");
  const problems: Problem[] = [];
  if (newest?.status === "failed") {
    const { build, endedAt: since, failure } = newest;
    const text = `${image} ${buildVersion(build)} failed: ${sayFailure(failure)}`;
    problems.push(problem("build-failed", { image, build, since, text, command: `amint why ${named(image, newest)}` }));
  }
  const gate = newest && facts.verdicts.get(newest.build)?.gate;
  if (newest && gate?.verdict === "rejected" && !facts.revocations.has(newest.build)) {
    const text = `the gate rejected ${image} ${buildVersion(newest.build)}: ${sayRejection(gate.reasons)}`;
    const command = `amint why ${named(image, newest)}`;
    problems.push(problem("build-rejected", { image, build: newest.build, since: gate.decidedAt, text, command }));
  }
  const channels = facts.channels.get(image) ?? {};
  if (config && measureImage(config, { builds, channels }, facts.now).breakerOpen) {
    const text = `${image} is rebuilt only on request: ${config.triggers.breaker.failures} builds in a row failed`;
    problems.push(problem("breaker-open", { image, text, command: `amint build ${image} --reason "..." --wait` }));
  }
  return problems;
}

function findPromotionProblems(facts: Facts, image: string): Problem[] {
  const failed = facts.failedPromotions.filter(
    (one) => one.image === image && !facts.revocations.has(one.build) && !one.again,
  );
  const ended = failed.flatMap(({ build, at, error, cause, left }) => {
    const rest = left.length > 0 ? `; NOT undone: ${left.join("; ")}` : "";
    if (!rest && isOvertaken(facts, image, build)) return [];
    const text = `the promotion of ${image} ${buildVersion(build)} failed: ${error}: ${cause}${rest}`;
    const command = `amint promote ${named(image, { build })} --reason "..."`;
    return [problem("promotion-failed", { image, build, since: at, text, command })];
  });
  const missed = facts.approvals.flatMap(({ image: of, build, channel, decided }) => {
    if (of !== image || (decided?.verdict !== "denied" && decided?.verdict !== "expired")) return [];
    const version = `${image} ${buildVersion(build)}`;
    const what = decided.verdict === "denied" ? "was rejected by its approvers" : "was not approved in time";
    const text = `${version} ${what} for ${channel}${decided.reason ? `: ${decided.reason}` : ""}`;
    const command = `amint build ${image} --reason "..."`;
    return [problem("approval-missed", { image, channel, build, since: decided.at, text, command })];
  });
  return [...ended, ...missed];
}

/** A later build of the image is in a channel: the failure no longer matters. */
function isOvertaken(facts: Facts, image: string, build: BuildRecord["build"]): boolean {
  const { startedAt } = findRecord(facts, image, build) ?? {};
  const reached = Object.values(facts.channels.get(image) ?? {}).map((one) => one.startedAt);
  return startedAt !== undefined && reached.some((one) => one > startedAt);
}

const findEmpty = ({ emptied }: Facts, image: string): Problem[] =>
  emptied
    .filter((one) => one.image === image)
    .map(({ channel, last: { movedAt: since, by, because } }) => {
      const why = because ? `: ${because}` : "";
      const text = `${image} ${channel} points at no build, so launches by it fail${by ? ` (${by}${why})` : ""}`;
      return problem("channel-empty", { image, channel, since, text, command: `amint why ${image}` });
    });

function findChannelProblems(facts: Facts, image: string): Problem[] {
  const { factory, now } = facts;
  const config = factory.images[image];
  const channels = facts.channels.get(image) ?? {};
  const limit = staleAfter(factory.images, image);
  return (config?.channels ?? []).flatMap(({ name: channel }) => {
    const pointed = channels[channel];
    if (!pointed) return [];
    const { build, startedAt, behind = {} } = pointed;
    const found: Problem[] = Object.entries(behind).map(([region, { why, build: kept }]) => {
      const has = kept ? `keeps ${buildVersion(kept)}` : "has no build";
      const text = `${image} ${channel} in ${region} ${has}, not ${buildVersion(build)}: ${why}`;
      return problem("region-behind", { image, channel, region, build, text, command: `amint channels ${image}` });
    });
    const age = now.getTime() - Date.parse(startedAt);
    if (limit !== undefined && age > limit * 1000) {
      const text = `${image} ${channel} is stale: ${buildVersion(build)} was started ${inAge(age)} ago, the limit is ${inAge(limit * 1000)}`;
      const command = `amint why ${image}`;
      found.push(problem("channel-stale", { image, channel, build, since: startedAt, text, command }));
    }
    return found;
  });
}

/** A roll-out that has reported the same reason for a day waits for more than the next turn. */
const WAITS_LONG_MS = 86_400_000;

const findRolloutProblems = (facts: Facts, image: string): Problem[] =>
  facts.rollouts
    .filter((one) => one.image === image)
    .flatMap(({ channel, record }) => {
      const { build, state, why, by, changedAt: since } = record;
      const version = `${image} ${channel}: the roll-out of ${buildVersion(build)}`;
      const found = { image, channel, build, since, command: `amint rollout ${image} ${channel}` };
      if (state === "halted" && by === undefined)
        return [problem("rollout-halted", { ...found, text: `${version} halted${why ? `: ${why}` : ""}` })];
      const isLate = facts.now.getTime() - Date.parse(since) > WAITS_LONG_MS;
      if ((state === "running" || state === "returning") && why && isLate)
        return [problem("rollout-waits", { ...found, text: `${version} waits: ${why}` })];
      return [];
    });
