import { styleText } from "node:util";
import type { PublishedChannel } from "./read-back.ts";
import { shortId } from "./short-id.ts";

const headings = ["image", "channel", "build", "region", "AMI or digest", "launchable by", "parameter"];

/** The month's last word: one line per channel and region, as consumers find it. */
export function channelTable(channels: readonly PublishedChannel[]): string {
  const rows = channels.flatMap(({ image, channel, build, amis, launchableBy, parameters }) =>
    Object.entries(amis).map(([region, ami], line) => [
      line === 0 ? image : "",
      line === 0 ? channel : "",
      line === 0 ? build : "",
      region,
      shortId(ami),
      line === 0 ? `${launchableBy.length} accounts` : "",
      parameters[region] ?? "",
    ]),
  );
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [styleText("bold", line(headings), { stream: process.stdout }), ...rows.map(line)].join("\n");
}
