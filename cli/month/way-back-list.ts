import { consumers } from "./organization.ts";
import type { MonthReport } from "./run-month.ts";
import { rollback } from "./story.ts";
import { dayAndTime } from "./timeline.ts";

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
