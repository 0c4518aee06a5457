import type { MonthReport } from "./run-month.ts";
import { proofsOf } from "./share-table.ts";
import { mending, slip } from "./story.ts";

/** What is wrong with how consumers got their images. */
export const sharingFaults = (report: MonthReport): string[] => [
  ...joinedFaults(report),
  ...slipFaults(report),
  ...proofFaults(report),
];

/** Who joined has its own copy of a channel within the hour, and launches as its unit does. */
function joinedFaults({ sharing: { joined, copied = {} }, regions, images }: MonthReport): string[] {
  if (!joined) return ["no account joined the organization"];
  const reached = images.some(({ launchableBy }) => launchableBy.includes(joined));
  return [
    ...regions.flatMap((region) =>
      copied[region]?.startsWith("ami-") ? [] : [`${joined}: it had no copy of a channel in ${region} after an hour`],
    ),
    ...(reached ? [] : [`${joined}: it joined, and nothing is launchable by it`]),
  ];
}

/** The key's policy lacked a statement: that was found as a consumer, named, undone, and mended by promoting again. */
function slipFaults({ events }: MonthReport): string[] {
  const of = (type: string) => events.filter(({ detailType }) => detailType === type).map(({ detail }) => detail);
  const failures = of("share.failed");
  const [failed] = of("promotion.failed");
  const elsewhere = failures.filter(({ region }) => region !== slip.region);
  const unnamed = failures.filter(
    ({ missing }) => !/^kms:\w+ .*denied by (the )?key('s)? policy/.test(String(missing)),
  );
  const moved = of("channel.moved").filter(({ build }) => build === failed?.build);
  return [
    ...(failures.length > 0 ? [] : ["no consumer missed the statement that was taken out of the key's policy"]),
    ...elsewhere.map(({ account, region }) => `${account} in ${region}: it was refused where nothing was missing`),
    ...unnamed.map(({ missing }) => `share.failed does not name the key's policy: ${missing}`),
    ...(failed?.image === mending.image ? [] : [`${mending.image}: its promotion did not fail over the key's policy`]),
    ...(moved.length > 0 ? [] : [`${mending.image}: the build that was promoted again entered no channel`]),
  ];
}

/** Whatever a channel points at was tried, in every region, in some account, before. */
function proofFaults(report: MonthReport): string[] {
  return report.images.flatMap(({ image, channel, amis }) =>
    Object.entries(amis).flatMap(([region, ami]) =>
      proofsOf(report.events, { channel, ami }).size > 0
        ? []
        : [`${image}/${channel}: no consumer tried ${ami} in ${region} before the channel moved`],
    ),
  );
}
