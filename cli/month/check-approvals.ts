import factory from "../../factory.config.ts";
import type { FactoryEvent } from "./boot-factory.ts";
import { reader } from "./story.ts";

/** How often people are asked once more: what came on a Friday evening or on a Saturday. */
const REMINDERS = 2;

/** What is wrong with the month's approvals: a build that entered without one, a person who was asked for nothing. */
export function approvalFaults(events: readonly FactoryEvent[]): string[] {
  const reminders = events.filter(({ detail }) => detail.reminder === true).length;
  return [
    ...events.flatMap(({ detailType, detail }, n) =>
      detailType === "channel.moved" &&
      detail.because === undefined &&
      asksPeople(detail) &&
      !isGranted(detail, events.slice(0, n))
        ? [`${detail.image}/${detail.channel}: ${detail.build} entered without an approval by ${reader} in Slack`]
        : [],
    ),
    ...(reminders === REMINDERS ? [] : [`approvals: ${reminders} reminder(s), expected ${REMINDERS}`]),
    ...events
      .filter(({ detailType, detail }) => detailType === "approval.requested" && !asksPeople(detail))
      .map(({ detail }) => `${detail.image}/${detail.channel}: people were asked, although the config does not say so`),
  ];
}

const asksPeople = ({ image, channel }: FactoryEvent["detail"]): boolean =>
  factory.images[String(image)]?.channels.find(({ name }) => name === channel)?.approval !== undefined;

const isGranted = ({ build, channel }: FactoryEvent["detail"], before: readonly FactoryEvent[]): boolean =>
  before.some(
    ({ detailType, detail }) =>
      detailType === "approval.granted" &&
      detail.build === build &&
      detail.channel === channel &&
      (detail.answers as { person: string; via: string }[]).some(
        ({ person, via }) => person === reader && via === "slack",
      ),
  );
