import { InvalidArgumentError } from "commander";
import type { Image } from "../../core/factory/image-schema.ts";

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
/** Node's timers hold 31 bits of milliseconds. */
const MOST_DAYS = 24;

/** `90s`, `30m`, `3h`, `2d` in seconds. */
export function toTimeout(text: string): number {
  const [, count, unit] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  const seconds = Number(count) * SECONDS[unit as keyof typeof SECONDS];
  if (seconds > 0 && seconds <= MOST_DAYS * SECONDS.d) return seconds;
  throw new InvalidArgumentError(`Use a duration up to ${MOST_DAYS}d, such as "90s", "30m", "3h" or "2d".`);
}

/** A reason, as builds and notices show it. */
export function toReason(text: string): string {
  if (text.trim().length > 0 && text.length <= 500) return text;
  throw new InvalidArgumentError("Use a text of 1 to 500 characters.");
}

/** Enough for a normal build, with tests and scan. */
const BUILD_SECONDS = 3 * SECONDS.h;

/** Until when a command waits for a build. */
export interface Wanted {
  /** The channels up to the awaited one; empty: until the build is available. */
  readonly channels: readonly string[];
  readonly timeoutSeconds: number;
}

/**
 * @param until `available` or a channel; default: the first channel
 * @param timeout seconds; default: three hours plus the soaks on the way
 * @throws UnknownPlace naming the valid values
 */
export function toWanted(image: string, { channels }: Image, until?: string, timeout?: number): Wanted {
  const known = channels.map(({ name }) => name);
  const place = until ?? known[0] ?? "available";
  const index = known.indexOf(place);
  if (index < 0 && place !== "available") throw new UnknownPlace(image, place, ["available", ...known]);
  const soaks = channels.slice(0, Math.max(0, index)).map(({ soak }) => soak.usual);
  const enough = soaks.reduce((sum, soak) => sum + soak, BUILD_SECONDS);
  return {
    channels: known.slice(0, index + 1),
    timeoutSeconds: timeout ?? Math.min(enough, MOST_DAYS * SECONDS.d),
  };
}

class UnknownPlace extends Error {
  override readonly name = "UnknownPlace";

  constructor(image: string, place: string, valid: readonly string[]) {
    super(`Cannot wait for a build of ${image} until "${place}": use ${valid.join(", ")}.`);
  }
}
