import { buildVersion } from "../../core/build/build-arn.ts";
import { explainTriggers, sayTime } from "../../core/build/explain-triggers.ts";
import { sayComponents } from "../../core/evidence/component-tests.ts";
import { sayFailure } from "../../core/promotion/decide-progress.ts";
import { duration } from "../promotion/draw-execution.ts";
import type { BuildFacts, Placed, TimelineEntry } from "./read-timeline.ts";
import { afterwards, revoked } from "./timeline-afterwards.ts";
import { promoted } from "./timeline-promotion.ts";

/** Everything that is known to have happened to a build, the first first. */
export const composeTimeline = (facts: BuildFacts): TimelineEntry[] =>
  // A revocation comes before what it does to channels at the same moment.
  [...built(facts), ...revoked(facts), ...promoted(facts), ...afterwards(facts)]
    .toSorted((a, b) => placeOf(a).localeCompare(placeOf(b)))
    .map(({ at, place: _, ...entry }) => ({ at: at ?? null, ...entry }));

const placeOf = ({ at, place }: Placed): string => new Date(at ?? place ?? 0).toISOString();

function built({ record, instances, evidence }: BuildFacts): Placed[] {
  const { image, triggers, startedAt, endedAt, parentBuild, base, status, failure } = record;
  const from = parentBuild ? ` from ${buildVersion(parentBuild)}` : base ? ` from ${base}` : "";
  const tests = failure ? sayComponents(failure.tests?.components ?? []) : sayComponents(evidence?.components ?? []);
  return [
    ...triggers.flatMap((trigger) =>
      explainTriggers(image, [trigger]).map((text): Placed => {
        const scheduled = trigger.kind === "schedule" ? trigger.scheduledTime : undefined;
        const known = scheduled && scheduled < startedAt ? { at: scheduled } : { place: startedAt };
        const asked = trigger.kind === "manual" && { by: trigger.requestedBy, reason: trigger.reason };
        return { kind: "trigger", text: `triggered: ${text}`, ...known, ...asked };
      }),
    ),
    { kind: "build", at: startedAt, text: `the build starts${from}` },
    ...(instances?.runs ?? []).map(({ workflow, from: at, to }): Placed => {
      const took = duration(Date.parse(to) - Date.parse(at));
      return { kind: "build", at, text: `the ${workflow} instance starts, and runs for ${took}` };
    }),
    ...tests.map((text): Placed => ({ kind: "test", place: endedAt ?? startedAt, text: `test ${text}` })),
    ...(endedAt ? [{ kind: "build" as const, at: endedAt, text: sayEnd(status, failure, startedAt, endedAt) }] : []),
  ];
}

function sayEnd(
  status: BuildFacts["record"]["status"],
  failure: BuildFacts["record"]["failure"],
  startedAt: string,
  endedAt: string,
): string {
  const took = `after ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`;
  switch (status) {
    case "available":
      return `the build is available ${took}`;
    case "failed":
      return `the build fails ${took}: ${sayFailure(failure)}`;
    case "cancelled":
      return `the build is cancelled ${took}`;
    case "building":
      return `the build continues ${took}`;
  }
}

const WIDTH = 100;
const INDENT = 24;

/** The timeline as lines of at most 100 columns. */
export const drawTimeline = (entries: readonly TimelineEntry[]): string[] =>
  entries.flatMap(({ at, text }, nth) => {
    const before = entries[nth - 1]?.at;
    const time = at && (!before || sayTime(before) !== sayTime(at)) ? sayTime(at) : "";
    const [first = "", ...more] = breakLines(text, WIDTH - INDENT);
    return [`  ${time.padEnd(INDENT - 2)}${first}`, ...more.map((line) => `${" ".repeat(INDENT + 2)}${line}`)];
  });

/** Broken between words; a longer word stays whole. Further lines are two columns shorter. */
function breakLines(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    const room = width - (lines.length > 1 ? 2 : 0);
    if (last === undefined || last.length + 1 + word.length > room) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
