import { buildVersion } from "../../core/build/build-arn.ts";
import { explainTriggers } from "../../core/build/explain-triggers.ts";
import { describeImage } from "../build/describe-image.ts";
import type { Facts } from "./facts.ts";
import { findSoak } from "./find-work.ts";
import type { Upcoming } from "./shape.ts";

/** What runs next and why: what has no date first, because it waits for something else. */
export const findNext = (facts: Facts): Upcoming[] =>
  [
    ...facts.images.flatMap((image) => [...findTriggers(facts, image), ...findSchedule(facts, image)]),
    ...findEnds(facts),
  ].toSorted((a, b) => (a.at ?? "").localeCompare(b.at ?? ""));

/** The next date of the schedule; one in a blackout starts when that is over. Without a schedule, the parent starts it. */
function findSchedule({ factory, now }: Facts, image: string): Upcoming[] {
  const { schedule, parent } = describeImage(factory, image, now, 1);
  const [date] = schedule?.dates ?? [];
  if (!schedule && parent) {
    const text = `${image} is built when ${parent.image} ${parent.channel} moves`;
    return [{ kind: "parent-moves", image, at: null, text }];
  }
  if (!schedule || !date) return [];
  const { at, blackout } = date;
  const about = schedule.countsFromDeployment ? ", a rate that counts from the deployment" : "";
  const waits = blackout ? `, after the blackout (${blackout.reason})` : "";
  const text = `${image} is built on its schedule${about}${waits}`;
  const settled = schedule.countsFromDeployment ? null : (blackout?.until ?? at).toISOString();
  return [{ kind: "schedule", image, at: settled, text }];
}

function findTriggers(facts: Facts, image: string): Upcoming[] {
  const { claim, pending = [] } = facts.activity.get(image) ?? {};
  const claimed = new Set(claim?.tokens);
  return pending
    .filter(({ token }) => !claimed.has(token))
    .map(({ trigger, held }): Upcoming => {
      const why = held?.reason ?? "it is being decided";
      const text = `${image} is built when this is over: ${why} (${explainTriggers(image, [trigger], 1).join("; ")})`;
      return { kind: "trigger-waits", image, at: held?.until ?? null, text };
    });
}

const findEnds = (facts: Facts): Upcoming[] => [
  ...facts.promotions.flatMap((one): Upcoming[] => {
    const soak = findSoak(facts, one);
    if (!soak || !one.build || !facts.images.includes(one.build.image)) return [];
    const { image, build } = one.build;
    const channels = facts.factory.images[image]?.channels ?? [];
    const next = channels[channels.findIndex(({ name }) => name === soak.channel) + 1]?.name;
    const text = `${image} ${buildVersion(build)} ends its soak in ${soak.channel}${next ? `; then ${next}` : ""}`;
    return [{ kind: "soak-ends", image, build, channel: soak.channel, at: soak.until, text }];
  }),
  ...facts.questions
    .filter(({ image }) => facts.images.includes(image))
    .map(({ image, build, channel, expiresAt }): Upcoming => {
      const text = `${image} ${buildVersion(build)}: the request for approval for ${channel} expires`;
      return { kind: "approval-expires", image, build, channel, at: expiresAt, text };
    }),
];
