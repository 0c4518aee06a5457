import { isParameter } from "../../core/advisories/bases.ts";
import type { Blackout, Schedule } from "../../core/factory/schedule-schema.ts";
import { clockIn, inDuration } from "../command/moments.ts";
import { styled } from "../command/print.ts";
import type { ImageTriggers, ScheduleDates, ScheduledDate } from "./describe-image.ts";

/** An image's triggers as text: a line for each, the schedule's dates below it. */
export function drawImage(image: ImageTriggers): string {
  const { schedule, packages, base, parent, minimumInterval, breaker, blackouts } = image;
  const rows = [
    ...(schedule ? drawSchedule(schedule) : []),
    ...(packages ? [row("packages", inWords(packages))] : []),
    ...(base ? [row("base", isParameter(base) ? `another AMI in ${base}` : `another image behind ${base}`)] : []),
    ...(parent ? [row("parent", `another build of ${parent.image} in channel ${parent.channel}`)] : []),
    row("request", `npx amint build ${image.image}, at any time`),
    ...blackouts.map((blackout) => row("blackout", `${spanOf(blackout)}: ${blackout.reason}`)),
    row("limits", limits(minimumInterval, breaker.failures)),
  ];
  const description = image.description ? `  ${dim(image.description)}` : "";
  return [`${styled("bold", image.image)}${description}`, ...rows].join("\n");
}

function drawSchedule({ settings, countsFromDeployment, dates }: ScheduleDates): string[] {
  const { timezone } = settings;
  const note = countsFromDeployment ? ["counts from the deployment; if deployed now:"] : [];
  const lines =
    dates.length > 0 ? dates.map((date) => drawDate(date, timezone)) : [styled("yellow", "no further date")];
  return [row("schedule", meaningOf(settings)), ...[...note, ...lines].map((line) => row("", line))];
}

function drawDate({ at, blackout }: ScheduledDate, timezone: string): string {
  const local = clockIn(timezone);
  const waits = blackout && styled("yellow", `waits until ${local(blackout.until)} (${blackout.reason})`);
  const utc = timezone === "UTC" ? undefined : dim(clockIn("UTC")(at));
  return [local(at), utc, waits].filter(Boolean).join("   ");
}

function meaningOf(schedule: Schedule): string {
  const window = schedule.window === undefined ? "" : `, or up to ${inDuration(schedule.window)} later`;
  if (schedule.kind === "expression") return `${schedule.expression} in ${schedule.timezone}${window}`;
  const { plusDays, at, timezone } = schedule;
  const day = plusDays === 0 ? "on" : plusDays === 1 ? "the day after" : `${plusDays} days after`;
  return `${day} Patch Tuesday at ${at} in ${timezone}${window}`;
}

function inWords({ severity, release, addedTo }: NonNullable<ImageTriggers["packages"]>): string {
  const packages = addedTo === undefined ? "installed packages" : `the packages it adds to ${addedTo}`;
  const which = severity === "unknown" ? "" : severity === "critical" ? ", critical" : `, ${severity} or worse`;
  const fixed = release === undefined ? "" : `, fixed in ${release === "latest" ? "the latest release" : release}`;
  return `advisories on ${packages}${which}${fixed}`;
}

const spanOf = (blackout: Blackout): string =>
  "from" in blackout
    ? `${blackout.from.replace("T", " ")} to ${blackout.to.replace("T", " ")} in ${blackout.timezone}`
    : `${inDuration(blackout.duration)} from each cron(${blackout.cron}) in ${blackout.timezone}`;

function limits(minimumInterval: number, failures: number): string {
  const interval = minimumInterval === 0 ? "" : `at least ${inDuration(minimumInterval)} between starts; `;
  return `${interval}after ${failures} failed build${failures === 1 ? "" : "s in a row"}, only on request`;
}

const row = (label: string, text: string): string => `  ${dim(label.padEnd(10))}${text}`.trimEnd();

const dim = (text: string): string => styled("dim", text);
