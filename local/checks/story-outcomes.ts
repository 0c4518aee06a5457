import type { Trigger } from "../../events/build.ts";
import type { FactoryEvent } from "../boot/boot-factory.ts";
import type { StoryEvent, StoryEventKind } from "../story/plan-story.ts";
import { HOUR } from "../story/timeline.ts";
import type { StoryReport } from "./story-report.ts";

/** The event that shows the effect of a planned event. */
const effects: Readonly<Record<StoryEventKind, (planned: StoryEvent, event: FactoryEvent) => boolean>> = {
  "first-build": (_, event) => startedBy("manual", event),
  again: (_, event) => startedBy("manual", event),
  "failing-component": (_, { detailType }) => detailType === "build.failed",
  "rejected-gate": (_, { detailType }) => detailType === "gate.rejected",
  "patch-night": (_, event) => startedBy("schedule", event),
  // A build that starts for another reason before the factory polls installs the update.
  advisory: (planned, event) => startedBy("packages", event) || startedWithin(WATCHES.packages, planned, event),
  "base-update": (planned, event) => startedBy("base", event) || startedWithin(WATCHES.base, planned, event),
  rollback: (_, { detailType, detail }) => detailType === "channel.moved" && detail.because !== undefined,
  revocation: (_, { detailType }) => detailType === "build.revoked",
};

const startedBy = (kind: Trigger["kind"], { detailType, detail }: FactoryEvent): boolean =>
  detailType === "build.started" && (detail.triggers as readonly Trigger[]).some((one) => one.kind === kind);

/** How often the factory polls, with the tolerance of its schedules (stacks/advisories/watches.ts). */
const WATCHES = { packages: 2.5 * HOUR, base: 4.25 * HOUR };

const startedWithin = (ms: number, { at }: StoryEvent, { time, detailType }: FactoryEvent): boolean =>
  detailType === "build.started" && Date.parse(time) - at <= ms;

export interface Outcome {
  readonly planned: StoryEvent;
  /** The event that shows its effect. */
  readonly shown?: FactoryEvent;
  /** Why it waits, in the factory's words. */
  readonly waits?: string;
}

/** The effect of each planned event. */
export const outcomesOf = ({ story, events }: Pick<StoryReport, "story" | "events">): Outcome[] =>
  story.events.map((planned) => {
    const after = events.filter(({ time, detail }) => Date.parse(time) >= planned.at && detail.image === planned.image);
    const shown = after.find((event) => effects[planned.kind](planned, event));
    if (shown) return { planned, shown };
    const waiting = after.findLast(
      ({ detailType, detail }) => detailType === "trigger.suppressed" && detail.decision === "waits",
    );
    return { planned, ...(waiting && { waits: String(waiting.detail.reason) }) };
  });

/** Planned events without an effect that do not wait either. */
export const storyFaults = (report: StoryReport): string[] =>
  outcomesOf(report).flatMap(({ planned: { kind, image, at }, shown, waits }) =>
    shown || waits !== undefined
      ? []
      : [`${kind} of ${image} at ${new Date(at).toISOString()}: no effect, and no reason for it`],
  );
