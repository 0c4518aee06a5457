import factory from "../factory.config.ts";
import type { FactoryEvent } from "../local/boot/boot-factory.ts";
import { eventsOf, proofsOf, versionOf } from "../local/checks/story-report.ts";
import { deregistered, type LaterMonths } from "./later-months.ts";
import type { MonthReport } from "./run-month.ts";
import { fleet, keyFix, launches, reader, revocation, rollback, slip } from "./story.ts";

/** Reminders for requests of a Friday evening or a Saturday. */
const REMINDERS = 2;

/** Faults of the month's approvals: a build that entered without one, a request that the config does not ask for. */
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
      .map(
        ({ detail }) => `${detail.image}/${detail.channel}: an approval was requested that the config does not require`,
      ),
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

/** Faults of sharing and verification. */
export const sharingFaults = (report: MonthReport): string[] => [
  ...joinedFaults(report),
  ...slipFaults(report),
  ...proofFaults(report),
];

/** The account that joined must have its copy of a channel within the hour, and launch what its OU launches. */
function joinedFaults({ observed: { joined, copied = {} }, factory: { regions }, channels }: MonthReport): string[] {
  if (!joined) return ["no account joined the organization"];
  const reached = channels.some(({ launchableBy }) => launchableBy.includes(joined));
  return [
    ...regions.flatMap((region) =>
      copied[region]?.startsWith("ami-")
        ? []
        : [`${joined}: no copy of a channel in ${region} an hour after it joined`],
    ),
    ...(reached ? [] : [`${joined}: joined, but can launch nothing`]),
  ];
}

/** The key policy lacked a statement: verification must find and name it, and a second promotion must succeed. */
function slipFaults({ events }: MonthReport): string[] {
  const of = (type: string) => eventsOf(events, type);
  const failures = of("share.failed");
  const [failed] = of("promotion.failed");
  const elsewhere = failures.filter(({ region }) => region !== slip.region);
  const unnamed = failures.filter(
    ({ missing }) => !/^kms:\w+ .*denied by (the )?key('s)? policy/.test(String(missing)),
  );
  const moved = of("channel.moved").filter(({ build }) => build === failed?.build);
  return [
    ...(failures.length > 0 ? [] : ["no verification failed although the key policy lacked a statement"]),
    ...elsewhere.map(
      ({ account, region }) => `${account} in ${region}: access denied in a region whose key policy was complete`,
    ),
    ...unnamed.map(({ missing }) => `share.failed does not name the key policy: ${missing}`),
    ...(failed?.image === keyFix.image
      ? []
      : [`${keyFix.image}: its promotion did not fail because of the key policy`]),
    ...(moved.length > 0 ? [] : [`${keyFix.image}: the build that was promoted again entered no channel`]),
  ];
}

/** Every artifact in a channel must have been verified in at least one account of its region. */
function proofFaults(report: MonthReport): string[] {
  return report.channels.flatMap(({ image, channel, amis }) =>
    Object.entries(amis).flatMap(([region, ami]) =>
      proofsOf(report.events, { channel, ami }).size > 0
        ? []
        : [`${image}/${channel}: ${ami} was not verified in ${region} before the channel moved`],
    ),
  );
}

/** The example's config makes the advisory urgent. */
const URGENT_SECONDS = 6 * 3600;

/** After the revocation every group must run the channel's build, and the month's advisory must be fixed in all of them. */
export function followingFaults({ following: { groups, clocks }, channels, events }: MonthReport): string[] {
  const pointed = channels.find(({ image, channel }) => image === fleet.image && channel === fleet.channel);
  const patched = clocks.find(({ image, advisory }) => image === fleet.image && advisory === "ALAS2023-2026-9901");
  const until90 = patched?.milestones.p90?.seconds ?? 0;
  const halted = events.find(({ detailType }) => detailType === "rollout.halted");
  return [
    ...groups
      .filter(({ amis, region }) => amis.length === 0 || amis.some((ami) => ami !== pointed?.amis[region]))
      .map(
        ({ account, region, name }) =>
          `${name} (${account}, ${region}): not all of its instances run ${pointed?.build}`,
      ),
    ...(patched?.milestones.p100 ? [] : ["ALAS2023-2026-9901: not fixed in all groups that follow al2023-base stable"]),
    ...(until90 < URGENT_SECONDS
      ? []
      : [`ALAS2023-2026-9901: urgent, and fixed in 90 % of the instances after ${until90} s, not within six hours`]),
    ...(String(halted?.detail.why).includes(fleet.alarm) ? [] : ["no roll-out was halted by the shop's alarm"]),
  ];
}

/** Faults of the month's rollback and revocation, as consumers see them. */
export const wayBackFaults = (report: MonthReport): string[] => [
  ...rollbackFaults(report),
  ...revocationFaults(report),
];

function rollbackFaults({ events, factory: { regions }, observed: { rolledBack } }: MonthReport): string[] {
  const { image, channel, by, reason } = rollback;
  const name = `${image}/${channel}`;
  const moves = events.filter(
    ({ detailType, detail }) => detailType === "channel.moved" && detail.image === image && detail.channel === channel,
  );
  const back = moves.findIndex(({ detail }) => detail.because === `${by} rolled back: ${reason}`);
  const before = moves[back - 2];
  if (!before) return [`${name}: no event for its rollback`];
  const expected = versionOf(before.detail.build);
  if (rolledBack?.build !== expected) {
    return [`${name}: points at ${rolledBack?.build ?? "nothing"} after its rollback, expected ${expected}`];
  }
  const published = before.detail.regions as Readonly<Record<string, { readonly amiId: string }>>;
  return [
    ...regions.flatMap((region) =>
      rolledBack.amis[region] === published[region]?.amiId ? [] : [`${name}: not the older build's AMI in ${region}`],
    ),
    ...(rolledBack.launchableBy.length > 0 ? [] : [`${name}: no account can launch it after its rollback`]),
  ];
}

interface Revoked {
  readonly image: string;
  readonly build: string;
  readonly withdrawn: readonly { readonly amiId: string }[];
  readonly left: readonly string[];
}

/** The images with a revoked build: the one that ada revokes, and its child. */
const revokedImages = [revocation.image, "al2023-web"];

function revocationFaults({ events, factory: { regions }, channels, observed }: MonthReport): string[] {
  const { seenBefore = new Set(), seenAfter = new Set() } = observed;
  const revoked = events
    .filter(({ detailType }) => detailType === "build.revoked")
    .map(({ detail }) => detail as unknown as Revoked);
  const named = revoked.map(({ image }) => image);
  const pointed = new Set(channels.flatMap(({ amis }) => Object.values(amis)));
  return [
    ...(named.join() === revokedImages.join()
      ? []
      : [`builds revoked: of ${named.join(", ") || "nothing"}; expected of ${revokedImages.join(", ")}`]),
    ...revoked.flatMap(({ image, build, withdrawn: artifacts, left }) => [
      ...left.map((what) => `${image} ${versionOf(build)} is revoked, except ${what}`),
      ...(artifacts.length === regions.length
        ? []
        : [`${image} ${versionOf(build)}: disabled in ${artifacts.length} of ${regions.length} regions`]),
      ...artifacts.flatMap(({ amiId }) => [
        ...(seenBefore.has(amiId) ? [] : [`${amiId}: no consumer saw it before its revocation`]),
        ...(seenAfter.has(amiId) ? [`${amiId}: a consumer sees it although it is revoked`] : []),
        ...(pointed.has(amiId) ? [`${amiId}: a channel points at it although it is revoked`] : []),
      ]),
    ]),
  ];
}

/** Instances of a consumer account that are never terminated. */
const kept = launches.find((launch) => !("until" in launch)) ?? launches[0];

/** Faults of the later months: unused builds must be deregistered; used ones must stay, with the reason. */
export function retirementFaults(later: LaterMonths): string[] {
  const { events, channels, decisions, notGone, parked } = later;
  const used = movedBefore(events, new Date(kept.from).toISOString());
  const decision = decisions.find(({ build }) => build === used);
  const isExplained = decision?.reasons.some((reason) => reason.includes(kept.account)) ?? false;
  const retired = events.some(({ detailType, detail }) => detailType === "build.retired" && detail.build === used);
  return [
    ...(deregistered(events).length > 0 ? [] : ["retirement: no build was deregistered"]),
    ...notGone.map((ami) => `${ami}: still exists although an event reports it as deregistered`),
    ...(retired ? [`${used}: retired although ${kept.account} runs it`] : []),
    ...(decision?.does === "wait" && isExplained
      ? []
      : [
          `${used}: expected to wait because ${kept.account} runs it; is: ${decision?.does} ${decision?.reasons.join("; ")}`,
        ]),
    ...channels
      .filter(({ launchableBy }) => launchableBy.length === 0)
      .map(({ image, channel }) => `${image}/${channel}: no account can launch it after the last month`),
    ...parked.map(({ queue, messages }) => `${queue}: ${messages} event(s) parked in this dead-letter queue`),
  ];
}

/** The build in the channel when the instances were launched. */
const movedBefore = (events: readonly FactoryEvent[], moment: string): string | undefined =>
  events.findLast(
    ({ time, detailType, detail }) =>
      time < moment && detailType === "channel.moved" && detail.image === kept.image && detail.channel === kept.channel,
  )?.detail.build as string | undefined;
