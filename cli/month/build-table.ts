import { styleText } from "node:util";
import type { FactoryEvent } from "./boot-factory.ts";
import { dayAndTime, why } from "./timeline.ts";

/** What became of each build, by the event that said so last. */
const ends: Readonly<Record<string, string>> = {
  "build.failed": "failed",
  "build.cancelled": "cancelled",
  "gate.rejected": "rejected",
  "promotion.failed": "not promoted",
  "channel.moved": "promoted",
};

/** Every build of the month with what it came to, and one line for each reason that it was made for. */
export function buildTable(events: readonly FactoryEvent[]): string {
  const started = events.filter(({ detailType }) => detailType === "build.started");
  const lines = started.flatMap(({ time, detail }) => {
    const build = String(detail.build);
    const end = events.findLast((event) => event.detail.build === build && event.detailType in ends);
    const version = build.split("/").slice(2).join("/");
    const head = [dayAndTime(time), String(detail.image).padEnd(17), version.padEnd(18)];
    const came = (ends[end?.detailType ?? ""] ?? "under way").padEnd(12);
    return why(detail).map((reason, n) => {
      const indent = "".padEnd([...head, came].join("  ").length);
      return n === 0 ? `${[...head, came].join("  ")}  ${reason}` : `${indent}  ${reason}`;
    });
  });
  const heading = ["started".padEnd(16), "image".padEnd(17), "build".padEnd(18), "came to".padEnd(12), "because"];
  return [styleText("bold", heading.join("  "), { stream: process.stdout }), ...lines].join("\n");
}

/** What started nothing, and why: as often as it was said. */
export function unstartedList(events: readonly FactoryEvent[]): string {
  const said = events.filter(
    ({ detailType, detail }) => detailType === "trigger.suppressed" && detail.decision === "never",
  );
  return said
    .flatMap(({ time, detail }) =>
      why(detail).map((one) => `${dayAndTime(time)}  ${String(detail.image).padEnd(17)}  ${one}: ${detail.reason}`),
    )
    .join("\n");
}
