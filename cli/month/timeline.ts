import { styleText } from "node:util";
import { explainTriggers } from "../../core/explain-triggers.ts";
import type { Trigger } from "../../events/trigger.ts";
import type { FactoryEvent } from "./boot-factory.ts";

const day = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "2-digit",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

type Colour = "green" | "red" | "yellow" | "cyan" | "dim";

const colours: Readonly<Record<string, Colour>> = {
  "build.started": "cyan",
  "build.failed": "red",
  "build.cancelled": "yellow",
  "gate.rejected": "red",
  "promotion.failed": "red",
  "channel.moved": "green",
  "drift.repaired": "yellow",
  "trigger.suppressed": "yellow",
  "feed.failed": "red",
};

/** One line for one event, in factory time (UTC). Colour only where the stream is a terminal. */
export function timelineLine({ time, detailType, detail }: FactoryEvent): string {
  const name = styleText(colours[detailType] ?? "dim", detailType.padEnd(18), { stream: process.stdout });
  return `${dayAndTime(time)}  ${String(detail.image ?? "").padEnd(17)} ${name} ${describe(detailType, detail)}`;
}

/** `Wed 15 Apr 01:00` */
export const dayAndTime = (time: string): string => day.format(new Date(time)).replace(",", "");

/** Events are what the factory said: it parsed them before it put them. */
const explained = (image: unknown, triggers: unknown): string[] =>
  explainTriggers(String(image), triggers as readonly Trigger[]);

/** Why a build was started, or would have been. */
export const why = ({ image, triggers }: Record<string, unknown>): string[] => explained(image, triggers);

function describe(detailType: string, detail: Record<string, unknown>): string {
  const build = typeof detail.build === "string" ? detail.build.split("/").slice(2).join("/") : "";
  const said = told[detailType]?.(detail);
  return [build, said].filter(Boolean).join("  ");
}

/** What is worth a person's eye beside the build. */
const told: Readonly<Record<string, (detail: Record<string, unknown>) => string>> = {
  "build.started": (detail) => why(detail).join("; "),
  "build.available": ({ amiId }) => String(amiId),
  "build.failed": ({ failure }) => {
    const { component, phase, step, reason } = failure as Record<string, string>;
    return component ? [component, phase, step].filter(Boolean).join(" / ") : String(reason);
  },
  "gate.rejected": ({ reasons }) =>
    (reasons as { passed: boolean; found: string; examples: string[] }[])
      .filter(({ passed }) => !passed)
      .map(({ found, examples }) => [found, ...examples].join(", "))
      .join("; "),
  "image.shared": ({ region, amiId, sharedWith, channel }) =>
    `${channel}: ${amiId} in ${region} with ${(sharedWith as string[]).map((arn) => arn.slice(arn.lastIndexOf("/") + 1)).join(", ")}`,
  "channel.moved": ({ channel, packages }) => {
    const changed = packages as { changed: number; added: number; removed: number } | undefined;
    return `${channel}${changed ? `  (${changed.changed} packages changed, ${changed.added} added, ${changed.removed} removed)` : ""}`;
  },
  "promotion.failed": ({ error, cause }) => `${error}: ${cause}`,
  "package.updated": ({ image, ...detail }) => explained(image, [{ kind: "packages", ...detail }]).join("; "),
  "base.updated": ({ image, ...detail }) => explained(image, [{ kind: "base", ...detail }]).join("; "),
  "feed.failed": ({ feed, code }) => `${code}: ${feed}`,
  "trigger.suppressed": (detail) => `${detail.reason} (${detail.decision}): ${why(detail).join("; ")}`,
  "drift.repaired": ({ repair }) => String(repair),
};
