import { approvalFaults, followingFaults, sharingFaults, wayBackFaults } from "./checks.ts";
import type { MonthReport } from "./run-month.ts";

/** The month did not go as it must: something between trigger and consumer is broken. Lists what is missing. */
export class MonthWentWrong extends Error {
  override readonly name = "MonthWentWrong";

  constructor(faults: readonly string[]) {
    super(`the month did not go as it must:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  }
}

/** How often each event belongs to this month. */
const events: Readonly<Record<string, number>> = {
  "build.started": 16,
  "build.available": 15,
  "build.failed": 1,
  "build.cancelled": 0,
  // One of them twice: its promotion ran again.
  "gate.passed": 15,
  "gate.rejected": 1,
  "image.shared": 56,
  // Of these one was not, in one region.
  "share.verified": 55,
  "share.failed": 1,
  "channel.moved": 31,
  "promotion.failed": 1,
  "promotion.superseded": 1,
  // One of them twice: nobody had answered for a day.
  "approval.requested": 8,
  "approval.granted": 6,
  "approval.denied": 0,
  "approval.expired": 0,
  "build.revoked": 2,
  "package.updated": 3,
  "base.updated": 1,
  "feed.failed": 0,
  "trigger.suppressed": 10,
  "drift.repaired": 0,
  // The key's policy lost a statement.
  "drift.found": 1,
  "consumers.failed": 0,
  // What Image Builder had of the failed build; the rejected build's AMI, and what Image Builder had of that.
  "leftovers.removed": 2,
  // Who revokes is told who still uses it.
  "build.in-use": 2,
  // The shop's alarm on patch night; the others reached every group.
  "rollout.halted": 1,
  "rollout.ended": 4,
  // On the month's first nobody could launch anything yet.
  "fleet.reported": 0,
};

/** Why each image was built, one build after the other: triggers by their kinds, advisories by their ids. */
const reasons: Readonly<Record<string, readonly string[]>> = {
  "al2023-base": ["manual", "ALAS2023-2026-9901", "schedule", "base"],
  "al2023-web": ["parent", "parent", "parent", "parent"],
  "al2023-node": ["manual", "ALAS2023-2026-9901", "schedule"],
  "ubuntu-2404-base": ["manual", "manual", "schedule", "noble-security/openssl/3.0.13-0ubuntu3.10", "manual"],
};

/** Advisories that rebuild nothing, by image, each with the reason that must be told. */
const passedOver: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "al2023-base": {
    "ALAS2023-2026-9912": "medium is below the image's threshold important",
    "ALAS2023-2026-9913": "low is below the image's threshold important",
    "ALAS2023-2026-9927": "medium is below the image's threshold important",
  },
  "al2023-node": {
    "ALAS2023-2026-9912": "medium is below the image's threshold important",
    "ALAS2023-2026-9913": "low is below the image's threshold important",
    "ALAS2023-2026-9927": "medium is below the image's threshold important",
  },
  "al2023-web": {
    "ALAS2023-2026-9901": "comes with its parent al2023-base",
    "ALAS2023-2026-9912": "comes with its parent al2023-base",
    "ALAS2023-2026-9913": "comes with its parent al2023-base",
    "ALAS2023-2026-9927": "comes with its parent al2023-base",
  },
};

/** How many may launch or pull what each image's channels end at: the account that joined, too. */
const consumersOf: Readonly<Record<string, number>> = {
  "al2023-base/candidate": 14,
  "al2023-base/stable": 14,
  "ubuntu-2404-base/candidate": 13,
  "ubuntu-2404-base/stable": 13,
  "al2023-web/candidate": 7,
  "al2023-web/stable": 7,
  // Of a container image, who can pull it.
  "al2023-node/candidate": 3,
  "al2023-node/stable": 14,
};

/** What is wrong with a month; nothing where it went as it must. */
export function findFaults(report: MonthReport): string[] {
  const count = (detailType: string) => report.events.filter((event) => event.detailType === detailType).length;
  return [
    ...Object.entries(events).flatMap(([name, expected]) =>
      count(name) === expected ? [] : [`${name}: expected ${expected} time(s), came ${count(name)} time(s)`],
    ),
    ...Object.entries(consumersOf).flatMap(([name, expected]) => channelFaults(report, name, expected)),
    ...reasonFaults(report),
    ...passedOverFaults(report),
    ...fixFaults(report),
    ...notificationFaults(report),
    ...report.parked.map(({ queue, messages }) => `${queue}: ${messages} event(s) parked in this dead-letter queue`),
    ...report.strangerSees.map((ami) => `${ami}: visible to an account that nothing is shared with`),
    ...childFaults(report),
    ...approvalFaults(report.events),
    ...wayBackFaults(report),
    ...sharingFaults(report),
    ...followingFaults(report),
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

interface Told {
  readonly image: string;
  readonly reason?: string;
  readonly triggers: readonly { readonly kind: string; readonly advisories?: readonly { readonly id: string }[] }[];
}

const idsOf = ({ triggers }: Told): string[] =>
  triggers.flatMap(({ kind, advisories }) => advisories?.map(({ id }) => id) ?? [kind]);

const toldBy = ({ events: all }: MonthReport, detailType: string): Told[] =>
  all.filter((event) => event.detailType === detailType).map(({ detail }) => detail as unknown as Told);

function reasonFaults(report: MonthReport): string[] {
  const started = toldBy(report, "build.started");
  return Object.entries(reasons).flatMap(([image, expected]) => {
    const found = started.filter((one) => one.image === image).map((one) => idsOf(one).join(" and "));
    return found.join(", ") === expected.join(", ")
      ? []
      : [`${image}: built because of ${found.join(", ")}; expected ${expected.join(", ")}`];
  });
}

function passedOverFaults(report: MonthReport): string[] {
  const said = toldBy(report, "trigger.suppressed");
  return Object.entries(passedOver).flatMap(([image, advisories]) =>
    Object.entries(advisories).flatMap(([id, reason]) => {
      const times = said.filter(
        (one) => one.image === image && one.reason === reason && idsOf(one).includes(id),
      ).length;
      return times === 1
        ? []
        : [`${image}: ${id} was told ${times} time(s) to be no reason (${reason}), expected once`];
    }),
  );
}

/** What the advisory asked for is in the build that the channel got because of it. */
function fixFaults({ events: all }: MonthReport): string[] {
  const fixed = all.some(
    ({ detailType, detail }) =>
      detailType === "channel.moved" &&
      detail.image === "al2023-base" &&
      JSON.stringify(detail.packages ?? {}).includes("~ openssl-libs.x86_64 1:3.2.2-1.amzn2023 -> 1:3.2.2-2.amzn2023"),
  );
  return fixed ? [] : ["al2023-base: no channel moved to a build with the fix of ALAS2023-2026-9901"];
}

/** What people are told of in a message of its own. */
const told = [
  "channel.moved",
  "build.failed",
  "gate.rejected",
  "feed.failed",
  "approval.requested",
  "build.revoked",
  "build.in-use",
  "promotion.failed",
  "share.failed",
  "drift.found",
  "consumers.failed",
  "leftovers.removed",
  "fleet.reported",
  "rollout.halted",
  "rollout.ended",
];

/** What changes the message in Slack that asked. Of what nobody was asked about, nothing is told when it is superseded. */
const updated = ["approval.granted", "approval.denied", "approval.expired"];

function notificationFaults({ notifications: { sns, slack } }: MonthReport): string[] {
  const count = (names: readonly string[]) => names.reduce((sum, name) => sum + (events[name] ?? 0), 0);
  const posted = count(told);
  const published = posted + count(updated);
  return [
    ...(sns === published ? [] : [`SNS: ${sns} message(s) reached the subscriber, expected ${published}`]),
    ...(slack === posted ? [] : [`Slack: ${slack} message(s) posted, expected ${posted}`]),
  ];
}

const childFaults = ({ childParents }: MonthReport): string[] =>
  childParents
    .filter(({ builtFrom, promoted }) => builtFrom !== promoted)
    .map(
      ({ image, builtFrom, promoted }) => `${image}: built from ${builtFrom}, its parent's channel says ${promoted}`,
    );
