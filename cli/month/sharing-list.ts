import type { MonthReport } from "./run-month.ts";
import { joining, mending, slip } from "./story.ts";
import { dayAndTime } from "./timeline.ts";

const on = (at: number): string => dayAndTime(new Date(at).toISOString());

/** Who joined, what consumers could not launch, and how that was mended. */
export function sharingList({ events, sharing: { joined = "nobody", copied = {} } }: MonthReport): string {
  const failed = events.filter(({ detailType }) => detailType === "share.failed");
  const build = failed[0]?.detail.build;
  const moved = events.filter(({ detailType, detail }) => detailType === "channel.moved" && detail.build === build);
  const copies = Object.entries(copied).map(([region, ami]) => `${ami ?? "nothing"} in ${region}`);
  return [
    `${on(joining.at)}  ${joining.name} (${joined}) joins ${joining.unit}; an hour later its own copy of a channel says ${copies.join(", ")}`,
    `${on(slip.at)}  somebody takes ${slip.statement} out of the key's policy in ${slip.region}`,
    ...failed.map(
      ({ time, detail }) =>
        `${dayAndTime(time)}  found before the channel moved: ${detail.account} in ${detail.region}: ${detail.missing}`,
    ),
    `${on(mending.at)}  ${mending.by} puts it back, and has the promotion run again`,
    ...moved.map(
      ({ time, detail }) =>
        `${dayAndTime(time)}  ${detail.image} ${String(detail.build).split("/").slice(2).join("/")} is in ${detail.channel}`,
    ),
  ].join("\n");
}
