import type { MonthReport } from "./run-month.ts";
import { revocation, rollback } from "./story.ts";

/** What is wrong with the month's rollback and its revocation, as consumers find them. */
export const wayBackFaults = (report: MonthReport): string[] => [
  ...rollbackFaults(report),
  ...revocationFaults(report),
];

function rollbackFaults({ events, regions, wayBack: { rolledBack } }: MonthReport): string[] {
  const { image, channel, by, reason } = rollback;
  const name = `${image}/${channel}`;
  const moves = events.filter(
    ({ detailType, detail }) => detailType === "channel.moved" && detail.image === image && detail.channel === channel,
  );
  const back = moves.findIndex(({ detail }) => detail.because === `${by} went back: ${reason}`);
  const before = moves[back - 2];
  if (!before) return [`${name}: nobody was told that it went back`];
  const expected = versionOf(before.detail.build);
  if (rolledBack?.build !== expected) {
    return [`${name}: points at ${rolledBack?.build ?? "nothing"} after its rollback, expected ${expected}`];
  }
  const published = before.detail.regions as Readonly<Record<string, { readonly amiId: string }>>;
  return [
    ...regions.flatMap((region) =>
      rolledBack.amis[region] === published[region]?.amiId ? [] : [`${name}: not the older build's AMI in ${region}`],
    ),
    ...(rolledBack.launchableBy.length > 0 ? [] : [`${name}: nobody may launch it after its rollback`]),
  ];
}

interface Revoked {
  readonly image: string;
  readonly build: string;
  readonly withdrawn: readonly { readonly amiId: string }[];
  readonly left: readonly string[];
}

/** The images of which a build is revoked: the one that somebody named, and what was made from it. */
const revokedImages = [revocation.image, "al2023-web"];

function revocationFaults({ events, regions, images, wayBack }: MonthReport): string[] {
  const { seenBefore = new Set(), seenAfter = new Set() } = wayBack;
  const revoked = events
    .filter(({ detailType }) => detailType === "build.revoked")
    .map(({ detail }) => detail as unknown as Revoked);
  const named = revoked.map(({ image }) => image);
  const pointed = new Set(images.flatMap(({ amis }) => Object.values(amis)));
  return [
    ...(named.join() === revokedImages.join()
      ? []
      : [`builds revoked: of ${named.join(", ") || "nothing"}; expected of ${revokedImages.join(", ")}`]),
    ...revoked.flatMap(({ image, build, withdrawn, left }) => [
      ...left.map((what) => `${image} ${versionOf(build)} is revoked, but not ${what}`),
      ...(withdrawn.length === regions.length
        ? []
        : [`${image} ${versionOf(build)}: withdrawn in ${withdrawn.length} of ${regions.length} regions`]),
      ...withdrawn.flatMap(({ amiId }) => [
        ...(seenBefore.has(amiId) ? [] : [`${amiId}: no consumer saw it before it was revoked`]),
        ...(seenAfter.has(amiId) ? [`${amiId}: a consumer sees it although it is revoked`] : []),
        ...(pointed.has(amiId) ? [`${amiId}: a channel points at it although it is revoked`] : []),
      ]),
    ]),
  ];
}

/** `1.0.0/3` of a build's ARN. */
const versionOf = (build: unknown): string => String(build).split("/").slice(2).join("/");
