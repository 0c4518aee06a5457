import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import { invokeTarget } from "./invoke-target.ts";
import { requireGroup, type Schedule } from "./state.ts";

/** Sets a schedule's only timer: for its next occurrence after `moment`. */
export function arm(aws: EmbeddedAws, schedule: Schedule, moment: number): void {
  disarm(schedule);
  const { State, StartDate, EndDate } = schedule.settings;
  if (State === "DISABLED") return;
  const due = schedule.expression.next(moment, StartDate?.getTime() ?? schedule.modifiedAt);
  if (due === undefined || (EndDate && due > EndDate.getTime())) return;
  const occur = () => {
    schedule.cancel = undefined;
    const offset = flexibleOffsetMs(schedule, due);
    if (offset > 0) aws.clock.after(offset, () => invokeTarget(aws, schedule, due));
    arm(aws, schedule, due);
    if (!schedule.cancel) complete(aws, schedule);
    return offset > 0 ? undefined : invokeTarget(aws, schedule, due);
  };
  const recurring = !schedule.settings.ScheduleExpression?.startsWith("at(");
  schedule.cancel = aws.clock.after(due - aws.clock.now(), occur, { recurring });
}

export function disarm(schedule: Schedule): void {
  schedule.cancel?.();
  schedule.cancel = undefined;
}

/** After its last occurrence a schedule is kept, unless it requested deletion. */
function complete(aws: EmbeddedAws, schedule: Schedule): void {
  if (schedule.settings.ActionAfterCompletion !== "DELETE") return;
  requireGroup(aws, schedule, schedule.group).schedules.delete(schedule.name);
}

/** An offset in the flexible window; AWS spreads load there, here an occurrence always has the same offset. */
function flexibleOffsetMs({ arn, settings }: Schedule, due: number): number {
  const { Mode, MaximumWindowInMinutes = 0 } = settings.FlexibleTimeWindow ?? {};
  if (Mode !== "FLEXIBLE") return 0;
  let hash = 0;
  for (const character of `${arn} ${due}`) hash = (hash * 31 + character.charCodeAt(0)) >>> 0;
  return (hash % (MaximumWindowInMinutes * 60)) * 1_000;
}
