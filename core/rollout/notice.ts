import type * as z from "zod";
import type { RolloutCounts, rolloutEnded, rolloutHalted } from "../../events/rollout.ts";
import { buildVersion } from "../build/build-arn.ts";
import type { Notice } from "../notice/notice.ts";

type Halted = z.output<typeof rolloutHalted.detail>;
type Ended = z.output<typeof rolloutEnded.detail>;

/** Where and why a roll-out halted, which groups failed, and how to continue. */
export function describeRolloutHalted({ image, channel, build, wave, why, by, groups, failed }: Halted): Notice {
  const where = wave ? `in wave ${wave}` : "after its last wave";
  return {
    title: `${image}: ${channel} roll-out of build ${buildVersion(build)} halted ${where}`,
    lines: [
      by ? `Halted by ${why}` : `Reason: ${why}`,
      `Groups: ${sayCounts(groups)}`,
      ...listed("Failed:", failed, groups.failed),
      "No further instance refreshes start until the roll-out is resumed or rolled back.",
      "Groups that are done keep the new build. Refreshes in progress continue to their end.",
      `Build: ${build}`,
    ],
    tone: "bad",
    attributes: { event: "rollout.halted", image, channel },
    nextSteps: [
      `amint rollout ${image} ${channel}`,
      ...["resume", "back"].map((action) => `amint rollout ${image} ${channel} --${action} --reason "..."`),
    ],
    resources: [build],
  };
}

/** How many groups a roll-out reached, how long it took, and which groups do not run the build. */
export function describeRolloutEnded(ended: Ended): Notice {
  const { image, channel, build, outcome, why, seconds, groups, without } = ended;
  const isWhole = outcome === "done" && groups.done === totalOf(groups);
  const version = buildVersion(build);
  const others = totalOf(groups) - groups.done;
  return {
    title: `${image}: ${channel} roll-out of build ${version} ${endings[outcome]}`,
    lines: [
      ...(why ? [`${outcome === "returned" ? "Rolled back by" : "Reason:"} ${why}`] : []),
      `Groups: ${sayCounts(groups)}`,
      `Duration: ${sayDuration(seconds)}`,
      ...listed(outcome === "done" ? `Not on ${version}:` : "Groups:", without, others),
      `Build: ${build}`,
    ],
    tone: isWhole ? "good" : "news",
    attributes: { event: "rollout.ended", image, channel },
    nextSteps: isWhole ? [] : [`amint rollout ${image} ${channel}`],
    resources: [build],
  };
}

const endings: Readonly<Record<Ended["outcome"], string>> = {
  done: "completed",
  returned: "rolled back",
  superseded: "superseded",
};

/** @param count of all groups, named or not */
function listed(title: string, some: readonly string[], count: number): string[] {
  if (some.length === 0) return [];
  const more = count - some.length;
  return [title, ...some.map((one) => `  ${one}`), ...(more > 0 ? [`  ... and ${more} more`] : [])];
}

const totalOf = (groups: RolloutCounts): number => Object.values(groups).reduce((sum, one) => sum + one, 0);

const words: readonly (readonly [keyof RolloutCounts, string])[] = [
  ["done", "done"],
  ["failed", "failed"],
  ["returned", "rolled back"],
  ["held", "held"],
  ["skipped", "skipped"],
  ["open", "pending or in progress"],
];

function sayCounts(groups: RolloutCounts): string {
  const said = words.filter(([state]) => groups[state] > 0).map(([state, word]) => `${groups[state]} ${word}`);
  return said.length > 0 ? said.join(", ") : "none found";
}

/** Rounded to minutes: `2 d 3 h`, `1 h 5 min`, `0 min`. */
export function sayDuration(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const parts = [
    [Math.floor(minutes / 1440), "d"],
    [Math.floor(minutes / 60) % 24, "h"],
    [minutes % 60, "min"],
  ] as const;
  const said = parts.filter(([count]) => count > 0).slice(0, 2);
  return said.length > 0 ? said.map(([count, unit]) => `${count} ${unit}`).join(" ") : "0 min";
}
