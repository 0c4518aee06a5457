import { styleText } from "node:util";
import type { FactoryEvent } from "./boot-factory.ts";
import { dayAndTime, why } from "./timeline.ts";

/** What a build can come to, beside the channels that it entered. */
const ends: Readonly<Record<string, string>> = {
  "build.failed": "failed",
  "build.cancelled": "cancelled",
  "gate.rejected": "rejected",
  "approval.denied": "denied",
  "approval.expired": "not approved",
  "promotion.failed": "not promoted",
  "promotion.superseded": "superseded",
  "build.revoked": "revoked",
};

/** Every build of the month with what it came to, and one line for each reason that it was made for. */
export function buildTable(events: readonly FactoryEvent[]): string {
  const started = events.filter(({ detailType }) => detailType === "build.started");
  const lines = started.flatMap(({ time, detail }) => {
    const build = String(detail.build);
    const version = build.split("/").slice(2).join("/");
    const head = [dayAndTime(time), String(detail.image).padEnd(17), version.padEnd(18)];
    const came = outcomeOf(build, events).padEnd(22);
    return why(detail).map((reason, n) => {
      const indent = "".padEnd([...head, came].join("  ").length);
      return n === 0 ? `${[...head, came].join("  ")}  ${reason}` : `${indent}  ${reason}`;
    });
  });
  const heading = ["started".padEnd(16), "image".padEnd(17), "build".padEnd(18), "came to".padEnd(22), "because"];
  return [styleText("bold", heading.join("  "), { stream: process.stdout }), ...lines].join("\n");
}

/** `stable`, the furthest channel that a build entered; where it went no further, also why: `candidate, superseded`. */
function outcomeOf(build: string, events: readonly FactoryEvent[]): string {
  const about = events.filter(({ detail }) => detail.build === build);
  // A promotion walks the channels in their order; what comes back to one has been there before.
  const entered = [
    ...new Set(about.flatMap(({ detailType, detail }) => (detailType === "channel.moved" ? [detail.channel] : []))),
  ];
  const end = about.findLast(({ detailType }) => detailType in ends);
  return [entered.at(-1), ends[end?.detailType ?? ""]].filter(Boolean).join(", ") || "under way";
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
