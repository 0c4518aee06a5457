import type { RunningFactory } from "../boot/boot-factory.ts";

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

const day = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "2-digit",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
});

/** `Wed 15 Apr 01:00`, of an ISO time or milliseconds since the epoch */
export const dayAndTime = (time: string | number): string => day.format(new Date(time)).replace(",", "");

/** Something that happens outside the factory, in factory time; a chapter of the story begins with it if it has a title. */
export interface PlannedEvent {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly act?: (running: RunningFactory) => Promise<void>;
  readonly title?: string;
  /** One sentence below the title: what to watch. */
  readonly watch?: string;
}

export interface Span {
  readonly from: number;
  readonly until: number;
  /** Called after each hour of factory time; `enough` ends the span early. */
  readonly eachHour?: (at: number) => Promise<"enough" | undefined>;
}

/** Advances factory time hour by hour, and lets everything happen that is planned in the span. */
export async function live(running: RunningFactory, plan: readonly PlannedEvent[], span: Span): Promise<void> {
  const { clock } = running;
  const events = plan.toSorted((a, b) => a.at - b.at);
  for (let hour = span.from; hour < span.until; hour += HOUR) {
    for (const { at, act } of events.filter((one) => one.at >= hour && one.at < hour + HOUR)) {
      if (!act) continue;
      await clock.runUntil(at);
      await act(running);
    }
    await clock.runUntil(hour + HOUR);
    if ((await span.eachHour?.(hour + HOUR)) === "enough") return;
  }
}
