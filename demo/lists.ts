import { drawDecisions } from "../cli/retirement/draw-decisions.ts";
import { drawPatched } from "../cli/rollout/draw-patched.ts";
import { keepUp } from "../cli/try/keep-up.ts";
import { dayAndTime, timelineLine } from "../cli/try/timeline.ts";
import type { Factory } from "../core/factory/factory-schema.ts";
import { channelParameter } from "../core/names.ts";
import type { LaterMonths } from "./later-months.ts";
import { consumers, stranger } from "./organization.ts";
import type { LivedMonth, MonthReport } from "./run-month.ts";
import { fleet, joining, mending, rollback, slip } from "./story.ts";

/** When builds were disabled and deregistered, and what `amint retire --plan` says of all of them at the end. */
export const retirementList = ({ events, decisions }: LaterMonths): string =>
  [
    ...events.filter(({ detailType }) => detailType === "build.retired").map(timelineLine),
    "",
    "$ amint retire --plan",
    "",
    drawDecisions(decisions),
  ].join("\n");

/** The groups that follow a channel, by what their instances run, and the clocks of advisories. */
export function followingList({ following: { groups, clocks }, images }: MonthReport): string {
  const pointed = images.find(({ image, channel }) => image === fleet.image && channel === fleet.channel);
  const lines = groups.map(({ account, region, name, amis }) => {
    const current = amis.filter((ami) => ami === pointed?.amis[region]).length;
    return `${nameOf(account).padEnd(20)} ${region}  ${name.padEnd(9)} ${current} of ${amis.length} instances run ${pointed?.build ?? "nothing"}`;
  });
  return [...lines, "", "$ amint patched", "", drawPatched(clocks.map((clock) => ({ clock })))].join("\n");
}

const nameOf = (account: string): string => consumers.find(({ id }) => id === account)?.name ?? account;

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

/** What was taken back, and what consumers found a few minutes later. */
export function wayBackList({ events, wayBack }: MonthReport): string {
  const { rolledBack, seenBefore, seenAfter } = wayBack;
  const { at, image, channel, by, reason } = rollback;
  const back = rolledBack
    ? `is ${rolledBack.build} again (${by}: ${reason}): ${Object.values(rolledBack.amis).join(", ")}, launchable by ${rolledBack.launchableBy.length} accounts`
    : "points at nothing";
  return [
    `${dayAndTime(new Date(at).toISOString())}  ${image.padEnd(17)}  ${channel} ${back}`,
    ...events
      .filter(({ detailType }) => detailType === "build.revoked")
      .map(({ time, detail }) => {
        const amis = (detail.withdrawn as { amiId: string }[]).map(({ amiId }) => amiId);
        const count = (seen: ReadonlySet<string> = new Set()) => amis.filter((ami) => seen.has(ami)).length;
        const version = String(detail.build).split("/").slice(2).join("/");
        const found = `the ${consumers.length} consumers saw ${count(seenBefore)} of its ${amis.length} AMIs before, and see ${count(seenAfter)} now`;
        return `${dayAndTime(time)}  ${String(detail.image).padEnd(17)}  ${version} is revoked: ${found}`;
      }),
  ].join("\n");
}

/** Keeps the embedded AWS up until Ctrl-C; from here on factory time runs as fast as the clock on the wall. */
export async function lookAround(lived: LivedMonth, factory: Factory, print: (line: string) => void): Promise<void> {
  const { booted } = lived.running;
  const [image] = lived.report.images;
  const consumer = image?.launchableBy.at(-1) ?? stranger;
  const parameter = channelParameter(factory.name, image?.image ?? "", image?.channel ?? "");
  print(`
The embedded AWS listens on ${booted.url} until Ctrl-C. A 12-digit access key is that account:

  export AWS_ENDPOINT_URL=${booted.url} AWS_SECRET_ACCESS_KEY=embedded AWS_REGION=${factory.buildRegion} AWS_DEFAULT_REGION=${factory.buildRegion}
  AWS_ACCESS_KEY_ID=${consumer} aws --endpoint-url ${booted.url} ec2 describe-images --executable-users self
  AWS_ACCESS_KEY_ID=${lived.report.factoryAccount} aws --endpoint-url ${booted.url} ssm get-parameter --name ${parameter}
  AWS_ACCESS_KEY_ID=${stranger} aws --endpoint-url ${booted.url} ec2 describe-images --executable-users self
  AWS_ACCESS_KEY_ID=${lived.report.factoryAccount} npx amint build al2023-base
`);
  await keepUp(lived.running);
}
