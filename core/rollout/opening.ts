import type { Rollout } from "../factory/rollout-schema.ts";
import type { Blackout } from "../factory/schedule-schema.ts";
import { activeBlackout } from "../schedule/blackout.ts";
import { parseCron } from "../schedule/cron.ts";
import { firstMoment, wallTime } from "../schedule/wall-clock.ts";

export type Opening =
  | { readonly open: true }
  /** `until`: when it may be open; undefined where nobody can say. */
  | { readonly open: false; readonly why: string; readonly until: Date | undefined };

/** Whether instances may be replaced now: inside of a window of the channel's, outside of the factory's blackouts. */
export function openingAt(
  { windows }: Pick<Rollout, "windows">,
  blackouts: readonly Blackout[],
  image: string,
  now: Date,
): Opening {
  const blackout = activeBlackout(blackouts, image, now);
  if (blackout) return { open: false, why: `a blackout: ${blackout.reason}`, until: blackout.until };
  if (windows.length === 0) return { open: true };
  const inside = activeBlackout(
    windows.map((window) => ({ ...window, reason: "window" })),
    image,
    now,
  );
  if (inside) return { open: true };
  const next = windows.flatMap(({ cron, timezone }) => {
    const wall = parseCron(cron).from(wallTime(now.getTime(), timezone));
    return wall === undefined ? [] : [firstMoment(wall, timezone)];
  });
  const until = next.length > 0 ? new Date(Math.min(...next)) : undefined;
  return { open: false, why: "outside of the channel's windows", until };
}
