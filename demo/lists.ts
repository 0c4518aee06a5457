import { drawDecisions } from "../cli/retirement/draw-decisions.ts";
import { drawPatched } from "../cli/rollout/draw-patched.ts";
import { drawTable, heading, paragraph } from "../cli/try/layout.ts";
import { buildTable, channelTable, shareTable, unstartedList } from "../cli/try/tables.ts";
import { dayAndTime, timelineLine } from "../cli/try/timeline.ts";
import type { LaterMonths } from "./later-months.ts";
import { consumers, management } from "./organization.ts";
import type { LivedMonth, MonthReport } from "./run-month.ts";
import { fleet, joining, keyFix, rollback, slip } from "./story.ts";

/** All tables of the month, as `--verbose` prints them: as wide as they are. */
export const allTables = ({ report, later }: Pick<LivedMonth, "report" | "later">): string => {
  const { events, images } = report;
  return [
    "",
    "Builds and their triggers:",
    "",
    buildTable(events),
    "",
    "Ignored triggers:",
    "",
    unstartedList(events),
    "",
    "An account that joined, and a key policy that blocked a promotion until it was fixed:",
    "",
    sharingList(report),
    "",
    "A rollback and a revocation, as consumers see them:",
    "",
    wayBackList(report),
    "",
    "Groups that follow al2023-base stable, and how soon advisories were fixed on their instances:",
    "",
    followingList(report),
    "",
    "AMIs and container images, read back through the SDK with each consumer account's credentials:",
    "",
    channelTable(images),
    "",
    shareTable(images, events, namesOf(report)),
    "",
    ...(later ? ["Old builds in the months after:", "", retirementList(later)] : []),
  ].join("\n");
};

const namesOf = ({ sharing: { joined } }: MonthReport): Record<string, string> => ({
  ...Object.fromEntries([management, ...consumers].map(({ id, name }) => [id, name])),
  ...(joined && { [joined]: joining.name }),
});

/** When builds were disabled and deregistered, and what `amint retire --plan` prints at the end. */
const retirementList = ({ events, decisions }: LaterMonths): string =>
  [
    ...events.filter(({ detailType }) => detailType === "build.retired").map(timelineLine),
    "",
    "$ amint retire --plan",
    "",
    drawDecisions(decisions),
  ].join("\n");

/** What becomes of each build that still exists, in the width of the story. */
export const retirementTable = ({ decisions }: Pick<LaterMonths, "decisions">): string[] => [
  "",
  ...heading("What becomes of old builds"),
  ...paragraph(
    "`npx amint retire --plan` prints this for a deployed factory: a build stays as long as a reason holds.",
  ),
  "",
  ...drawTable(
    ["image", "build", "decision", "because"],
    decisions
      .filter(({ does }) => does !== "gone")
      .map(({ image, build, does, reasons }) => [image, versionOf(build), does, reasons.join("; ")]),
  ),
];

/** The groups that follow a channel, by what their instances run, and the clocks of advisories. */
function followingList({ following: { groups, clocks }, images }: MonthReport): string {
  const pointed = images.find(({ image, channel }) => image === fleet.image && channel === fleet.channel);
  const lines = groups.map(({ account, region, name, amis }) => {
    const current = amis.filter((ami) => ami === pointed?.amis[region]).length;
    return `${nameOf(account).padEnd(20)} ${region}  ${name.padEnd(9)} ${current} of ${amis.length} instances run ${pointed?.build ?? "nothing"}`;
  });
  return [...lines, "", "$ amint patched", "", drawPatched(clocks.map((clock) => ({ clock })))].join("\n");
}

const nameOf = (account: string): string => consumers.find(({ id }) => id === account)?.name ?? account;

const on = (at: number): string => dayAndTime(new Date(at).toISOString());

const versionOf = (build: unknown): string => String(build).split("/").slice(2).join("/");

/** The account that joined, what consumers could not launch, and how that was fixed. */
function sharingList({ events, sharing: { joined = "no account", copied = {} } }: MonthReport): string {
  const failed = events.filter(({ detailType }) => detailType === "share.failed");
  const build = failed[0]?.detail.build;
  const moved = events.filter(({ detailType, detail }) => detailType === "channel.moved" && detail.build === build);
  const copies = Object.entries(copied).map(([region, ami]) => `${ami ?? "nothing"} in ${region}`);
  return [
    `${on(joining.at)}  ${joining.name} (${joined}) joins ${joining.unit}; an hour later its copy of the channel parameter names ${copies.join(", ")}`,
    `${on(slip.at)}  an administrator removes ${slip.statement} from the key policy in ${slip.region}`,
    ...failed.map(
      ({ time, detail }) =>
        `${dayAndTime(time)}  found before the channel moved: ${detail.account} in ${detail.region}: ${detail.missing}`,
    ),
    `${on(keyFix.at)}  ${keyFix.by} restores the key policy and promotes the build again`,
    ...moved.map(
      ({ time, detail }) => `${dayAndTime(time)}  ${detail.image} ${versionOf(detail.build)} is in ${detail.channel}`,
    ),
  ].join("\n");
}

/** What consumers could launch a few minutes after the rollback and the revocation. */
function wayBackList({ events, wayBack }: MonthReport): string {
  const { rolledBack, seenBefore, seenAfter } = wayBack;
  const { at, image, channel, by, reason } = rollback;
  const back = rolledBack
    ? `is ${rolledBack.build} again (${by}: ${reason}): ${Object.values(rolledBack.amis).join(", ")}, launchable by ${rolledBack.launchableBy.length} accounts`
    : "points at nothing";
  return [
    `${on(at)}  ${image.padEnd(17)}  ${channel} ${back}`,
    ...events
      .filter(({ detailType }) => detailType === "build.revoked")
      .map(({ time, detail: { image: revoked, build, withdrawn: artifacts } }) => {
        const amis = (artifacts as { amiId: string }[]).map(({ amiId }) => amiId);
        const count = (seen: ReadonlySet<string> = new Set()) => amis.filter((ami) => seen.has(ami)).length;
        const found = `the ${consumers.length} consumers saw ${count(seenBefore)} of its ${amis.length} AMIs before, and see ${count(seenAfter)} now`;
        return `${dayAndTime(time)}  ${String(revoked).padEnd(17)}  ${versionOf(build)} is revoked: ${found}`;
      }),
  ].join("\n");
}
