import type { MonthReport } from "./run-month.ts";

/** The month did not go as it must: something between trigger and consumer is broken. Lists what is missing. */
export class MonthWentWrong extends Error {
  override readonly name = "MonthWentWrong";
  readonly code = "MONTH_WENT_WRONG";

  constructor(faults: readonly string[]) {
    super(`the month did not go as it must:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  }
}

/** How often each event belongs to this month. */
const events: Readonly<Record<string, number>> = {
  "build.started": 9,
  "build.available": 8,
  "build.failed": 1,
  "build.cancelled": 0,
  "gate.passed": 7,
  "gate.rejected": 1,
  "image.shared": 28,
  "channel.moved": 14,
  "promotion.failed": 0,
  "promotion.superseded": 0,
  "trigger.suppressed": 0,
  "drift.repaired": 0,
};

/** Which builds each image's channels end at, and who may launch them. */
const consumersOf: Readonly<Record<string, number>> = {
  "al2023-base/candidate": 13,
  "al2023-base/stable": 13,
  "ubuntu-2404-base/candidate": 12,
  "ubuntu-2404-base/stable": 12,
  "al2023-web/candidate": 7,
  "al2023-web/stable": 7,
};

/** What is wrong with a month; nothing where it went as it must. */
export function findFaults(report: MonthReport): string[] {
  const count = (detailType: string) => report.events.filter((event) => event.detailType === detailType).length;
  return [
    ...Object.entries(events).flatMap(([name, expected]) =>
      count(name) === expected ? [] : [`${name}: expected ${expected} time(s), came ${count(name)} time(s)`],
    ),
    ...Object.entries(consumersOf).flatMap(([name, expected]) => channelFaults(report, name, expected)),
    ...notificationFaults(report),
    ...report.parked.map(({ queue, messages }) => `${queue}: ${messages} event(s) parked in this dead-letter queue`),
    ...report.strangerSees.map((ami) => `${ami}: visible to an account that nothing is shared with`),
    ...childFaults(report),
  ];
}

function channelFaults({ images, regions }: MonthReport, name: string, expected: number): string[] {
  const found = images.find(({ image, channel }) => `${image}/${channel}` === name);
  if (!found) return [`${name}: its channel points at nothing`];
  const absent = regions.filter((region) => !found.amis[region] || !found.parameters[region]);
  return [
    ...absent.map((region) => `${name}: not published in ${region}`),
    ...(found.launchableBy.length === expected
      ? []
      : [`${name}: launchable by ${found.launchableBy.length} account(s), expected ${expected}`]),
  ];
}

function notificationFaults({ notifications: { sns, slack } }: MonthReport): string[] {
  const expected = (events["channel.moved"] ?? 0) + (events["build.failed"] ?? 0) + (events["gate.rejected"] ?? 0);
  return [
    ...(sns === expected ? [] : [`SNS: ${sns} message(s) reached the subscriber, expected ${expected}`]),
    ...(slack === expected ? [] : [`Slack: ${slack} message(s) posted, expected ${expected}`]),
  ];
}

const childFaults = ({ childParents }: MonthReport): string[] =>
  childParents
    .filter(({ builtFrom, promoted }) => builtFrom !== promoted)
    .map(
      ({ image, builtFrom, promoted }) => `${image}: built from ${builtFrom}, its parent's channel says ${promoted}`,
    );
