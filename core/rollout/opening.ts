import { regionsOfChannel } from "../channel/regions.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Rollout } from "../factory/rollout-schema.ts";
import type { Blackout } from "../factory/schedule-schema.ts";
import type { Share } from "../factory/share-schema.ts";
import { activeBlackout } from "../schedule/blackout.ts";
import { parseCron } from "../schedule/cron.ts";
import { firstMoment, wallTime } from "../schedule/wall-clock.ts";

export type Opening =
  | { readonly open: true }
  /** `until`: when it may open; undefined if unknown. */
  | { readonly open: false; readonly why: string; readonly until: Date | undefined };

/** Whether instances may be replaced now: inside one of the channel's windows, and outside the factory's blackouts. */
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
  return { open: false, why: "outside the channel's windows", until };
}

const FROM = Date.UTC(2026, 0, 1);
const YEAR_MS = 366 * 86_400_000;
/** After this many windows within blackouts, the windows are assumed to open. */
const MOST_WINDOWS = 2_000;

/** Whether recurring blackouts cover all windows within a year of the first one since 2026. */
export const neverOpens = (windows: Rollout["windows"], blackouts: readonly Blackout[], image: string): boolean =>
  windows.every((window) => isCovered(window, { image, blackouts: blackouts.filter((one) => "cron" in one) }));

function isCovered(
  { cron, timezone, duration }: Rollout["windows"][number],
  { blackouts, image }: { readonly blackouts: readonly Blackout[]; readonly image: string },
): boolean {
  const times = parseCron(cron);
  let at = times.from(FROM);
  const last = (at ?? FROM) + YEAR_MS;
  for (let count = 0; at !== undefined && at < last; count++) {
    const start = firstMoment(at, timezone);
    const over = activeBlackout(blackouts, image, new Date(start))?.until.getTime();
    if (over === undefined || over < start + duration * 1_000 || count === MOST_WINDOWS) return false;
    at = times.from(Math.max(at + 1_000, wallTime(over, timezone) - duration * 1_000));
  }
  return true;
}

/** A channel that running instances follow. */
interface RolledOut {
  readonly image: string;
  readonly channel: string;
  readonly share: Share;
  readonly regions: readonly string[];
  readonly rollout: Rollout;
}

/** The channels with `rollout`, in the config's order. */
export const rolledOutChannels = (factory: Pick<Factory, "regions" | "images">): RolledOut[] =>
  Object.entries(factory.images).flatMap(([image, config]) =>
    config.channels.flatMap((channel) =>
      channel.rollout
        ? [
            {
              image,
              channel: channel.name,
              share: channel.share,
              regions: regionsOfChannel(factory, config, channel),
              rollout: channel.rollout,
            },
          ]
        : [],
    ),
  );
