import type { FactoryEvent } from "./boot-factory.ts";
import { deregistered, type LaterMonths } from "./later-months.ts";
import { launches } from "./story.ts";

/** What somebody of another account never stopped running. */
const kept = launches.find((launch) => !("until" in launch)) ?? launches[0];

/** What is wrong with the months after the first: what nobody uses goes, what somebody uses stays, and says why. */
export function retirementFaults(later: LaterMonths): string[] {
  const { events, images, decisions, notGone, parked } = later;
  const used = movedBefore(events, new Date(kept.from).toISOString());
  const decision = decisions.find(({ build }) => build === used);
  const told = decision?.reasons.some((reason) => reason.includes(kept.account)) ?? false;
  const retired = events.some(({ detailType, detail }) => detailType === "build.retired" && detail.build === used);
  return [
    ...(deregistered(events).length > 0 ? [] : ["retirement: no build was deregistered"]),
    ...notGone.map((ami) => `${ami}: EC2 still knows it although it is told to be deregistered`),
    ...(retired ? [`${used}: retired although ${kept.account} runs it`] : []),
    ...(decision?.does === "wait" && told
      ? []
      : [
          `${used}: expected to wait because ${kept.account} runs it; is: ${decision?.does} ${decision?.reasons.join("; ")}`,
        ]),
    ...images
      .filter(({ launchableBy }) => launchableBy.length === 0)
      .map(({ image, channel }) => `${image}/${channel}: nobody may launch it after the last month`),
    ...parked.map(({ queue, messages }) => `${queue}: ${messages} event(s) parked in this dead-letter queue`),
  ];
}

/** What the channel pointed at when it was launched. */
const movedBefore = (events: readonly FactoryEvent[], moment: string): string | undefined =>
  events.findLast(
    ({ time, detailType, detail }) =>
      time < moment && detailType === "channel.moved" && detail.image === kept.image && detail.channel === kept.channel,
  )?.detail.build as string | undefined;
