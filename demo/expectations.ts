import { checks } from "../local/checks/check-all.ts";
import { approvalFaults, followingFaults, sharingFaults, wayBackFaults } from "./checks.ts";
import type { MonthReport } from "./run-month.ts";

/** Checks of the month do not hold: something between trigger and consumer is broken. */
export class MonthWentWrong extends Error {
  override readonly name = "MonthWentWrong";

  constructor(faults: readonly string[]) {
    super(`checks of the month failed:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  }
}

/** The expected number of each event. */
const events: Readonly<Record<string, number>> = {
  "build.started": 16,
  "build.available": 15,
  "build.failed": 1,
  "build.cancelled": 0,
  // One of them twice: its promotion ran again.
  "gate.passed": 15,
  "gate.rejected": 1,
  "image.shared": 56,
  // One of them failed, in one region.
  "share.verified": 55,
  "share.failed": 1,
  "channel.moved": 31,
  "promotion.failed": 1,
  "promotion.superseded": 1,
  // Two of them are reminders after a day.
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
  // The key policy without its statement.
  "drift.found": 1,
  "consumers.failed": 0,
  // The failed build's image resource; the rejected build's image resource and AMI.
  "leftovers.removed": 2,
  // The usage of each revoked build.
  "build.in-use": 2,
  // The shop's alarm on patch night; the others reached every group.
  "rollout.halted": 1,
  "rollout.ended": 4,
  // On the first of the month no image was shared yet.
  "fleet.reported": 0,
};

/** The triggers of each image's builds in their order: advisories by their ids, others by their kind. */
const reasons: Readonly<Record<string, readonly string[]>> = {
  "al2023-base": ["manual", "ALAS2023-2026-9901", "schedule", "base"],
  "al2023-web": ["parent", "parent", "parent", "parent"],
  "al2023-node": ["manual", "ALAS2023-2026-9901", "schedule"],
  "ubuntu-2404-base": ["manual", "manual", "schedule", "noble-security/openssl/3.0.13-0ubuntu3.10", "manual"],
};

/** Ignored advisories by image, each with the reason in its event. */
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

/** How many accounts can launch or pull from each channel at the end, the account that joined included. */
const consumersOf: Readonly<Record<string, number>> = {
  "al2023-base/candidate": 14,
  "al2023-base/stable": 14,
  "ubuntu-2404-base/candidate": 13,
  "ubuntu-2404-base/stable": 13,
  "al2023-web/candidate": 7,
  "al2023-web/stable": 7,
  // A container image: accounts that can pull it.
  "al2023-node/candidate": 3,
  "al2023-node/stable": 14,
};

/** Faults of a month, by the checks of every story and by what is expected of this one; empty if all hold. */
export const findFaults = (report: MonthReport): string[] => [
  ...Object.values(checks).flatMap((find) => find(report)),
  ...unexpected(report),
];

/** What differs from what is expected of the month. */
export function unexpected(report: MonthReport): string[] {
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
    ...childFaults(report),
    ...approvalFaults(report.events),
    ...wayBackFaults(report),
    ...sharingFaults(report),
    ...followingFaults(report),
  ];
}

function channelFaults({ channels }: MonthReport, name: string, expected: number): string[] {
  const found = channels.find(({ image, channel }) => `${image}/${channel}` === name);
  if (!found) return [`${name}: its channel points at nothing`];
  return found.launchableBy.length === expected
    ? []
    : [`${name}: launchable by ${found.launchableBy.length} account(s), expected ${expected}`];
}

interface Triggered {
  readonly image: string;
  readonly reason?: string;
  readonly triggers: readonly { readonly kind: string; readonly advisories?: readonly { readonly id: string }[] }[];
}

const idsOf = ({ triggers }: Triggered): string[] =>
  triggers.flatMap(({ kind, advisories }) => advisories?.map(({ id }) => id) ?? [kind]);

const triggeredBy = ({ events: all }: MonthReport, detailType: string): Triggered[] =>
  all.filter((event) => event.detailType === detailType).map(({ detail }) => detail as unknown as Triggered);

function reasonFaults(report: MonthReport): string[] {
  const started = triggeredBy(report, "build.started");
  return Object.entries(reasons).flatMap(([image, expected]) => {
    const found = started.filter((one) => one.image === image).map((one) => idsOf(one).join(" and "));
    return found.join(", ") === expected.join(", ")
      ? []
      : [`${image}: built because of ${found.join(", ")}; expected ${expected.join(", ")}`];
  });
}

function passedOverFaults(report: MonthReport): string[] {
  const said = triggeredBy(report, "trigger.suppressed");
  return Object.entries(passedOver).flatMap(([image, advisories]) =>
    Object.entries(advisories).flatMap(([id, reason]) => {
      const times = said.filter(
        (one) => one.image === image && one.reason === reason && idsOf(one).includes(id),
      ).length;
      return times === 1 ? [] : [`${image}: ${id} was ignored ${times} time(s) (${reason}), expected once`];
    }),
  );
}

/** The build for the advisory has its fixed package. */
function fixFaults({ events: all }: MonthReport): string[] {
  const fixed = all.some(
    ({ detailType, detail }) =>
      detailType === "channel.moved" &&
      detail.image === "al2023-base" &&
      JSON.stringify(detail.packages ?? {}).includes("~ openssl-libs.x86_64 1:3.2.2-1.amzn2023 -> 1:3.2.2-2.amzn2023"),
  );
  return fixed ? [] : ["al2023-base: no channel moved to a build with the fix of ALAS2023-2026-9901"];
}

/** Events with a notice of their own. */
const noticed = [
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

/** Events that update the Slack message of an approval request, with a message of their own on SNS. */
const updated = ["approval.granted", "approval.denied", "approval.expired"];

function notificationFaults({ heard, slack }: MonthReport): string[] {
  const count = (names: readonly string[]) => names.reduce((sum, name) => sum + (events[name] ?? 0), 0);
  const posted = count(noticed);
  const published = posted + count(updated);
  return [
    ...(heard.length === published
      ? []
      : [`SNS: ${heard.length} message(s) reached the subscriber, expected ${published}`]),
    ...(slack === posted ? [] : [`Slack: ${slack} message(s) posted, expected ${posted}`]),
  ];
}

const childFaults = ({ childParents }: MonthReport): string[] =>
  childParents
    .filter(({ builtFrom, promoted }) => builtFrom !== promoted)
    .map(
      ({ image, builtFrom, promoted }) => `${image}: built from ${builtFrom}, its parent's channel says ${promoted}`,
    );
