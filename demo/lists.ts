import { versionOf } from "../local/checks/story-report.ts";
import { dayAndTime } from "../local/story/timeline.ts";
import { consumers, management } from "./organization.ts";
import type { MonthReport } from "./run-month.ts";
import { fleet, joining, keyFix, rollback, slip } from "./story.ts";

/** The accounts of the organization by their names, with the one that joined. */
export const accountNames = ({ observed: { joined } }: MonthReport): Record<string, string> => ({
  ...Object.fromEntries([management, ...consumers].map(({ id, name }) => [id, name])),
  ...(joined && { [joined]: joining.name }),
});

/** The groups that follow a channel, by what their instances run. */
export function followingList({ following: { groups }, channels }: MonthReport): string[] {
  const pointed = channels.find(({ image, channel }) => image === fleet.image && channel === fleet.channel);
  const nameOf = (account: string): string => consumers.find(({ id }) => id === account)?.name ?? account;
  return groups.map(({ account, region, name, amis }) => {
    const current = amis.filter((ami) => ami === pointed?.amis[region]).length;
    return `${nameOf(account).padEnd(20)} ${region}  ${name.padEnd(9)} ${current} of ${amis.length} instances run ${pointed?.build ?? "nothing"}`;
  });
}

/** The account that joined, what consumers could not launch, and how that was fixed. */
export function sharingList({ events, observed: { joined = "no account", copied = {} } }: MonthReport): string[] {
  const failed = events.filter(({ detailType }) => detailType === "share.failed");
  const build = failed[0]?.detail.build;
  const moved = events.filter(({ detailType, detail }) => detailType === "channel.moved" && detail.build === build);
  const copies = Object.entries(copied).map(([region, ami]) => `${ami ?? "nothing"} in ${region}`);
  return [
    `${dayAndTime(joining.at)}  ${joining.name} (${joined}) joins ${joining.unit}; an hour later its copy of the channel parameter names ${copies.join(", ")}`,
    `${dayAndTime(slip.at)}  an administrator removes ${slip.statement} from the key policy in ${slip.region}`,
    ...failed.map(
      ({ time, detail }) =>
        `${dayAndTime(time)}  found before the channel moved: ${detail.account} in ${detail.region}: ${detail.missing}`,
    ),
    `${dayAndTime(keyFix.at)}  ${keyFix.by} restores the key policy and promotes the build again`,
    ...moved.map(
      ({ time, detail }) => `${dayAndTime(time)}  ${detail.image} ${versionOf(detail.build)} is in ${detail.channel}`,
    ),
  ];
}

/** What consumers could launch a few minutes after the rollback and the revocation. */
export function wayBackList({ events, observed: { rolledBack, seenBefore, seenAfter } }: MonthReport): string[] {
  const { at, image, channel, by, reason } = rollback;
  const back = rolledBack
    ? `is ${rolledBack.build} again (${by}: ${reason}): ${Object.values(rolledBack.amis).join(", ")}, launchable by ${rolledBack.launchableBy.length} accounts`
    : "points at nothing";
  return [
    `${dayAndTime(at)}  ${image.padEnd(17)}  ${channel} ${back}`,
    ...events
      .filter(({ detailType }) => detailType === "build.revoked")
      .map(({ time, detail: { image: revoked, build, withdrawn: artifacts } }) => {
        const amis = (artifacts as { amiId: string }[]).map(({ amiId }) => amiId);
        const count = (seen: ReadonlySet<string> = new Set()) => amis.filter((ami) => seen.has(ami)).length;
        const found = `the ${consumers.length} consumers saw ${count(seenBefore)} of its ${amis.length} AMIs before, and see ${count(seenAfter)} now`;
        return `${dayAndTime(time)}  ${String(revoked).padEnd(17)}  ${versionOf(build)} is revoked: ${found}`;
      }),
  ];
}
