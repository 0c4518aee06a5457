import * as z from "zod";
import { NAME } from "../../events/ids.ts";

/** Lower-case words joined by hyphens: Image Builder lower-cases names in ARNs, so nothing else round-trips. */
export const nameSchema = z
  .string()
  .regex(NAME, { error: 'lower-case letters, digits and single hyphens, a letter first, such as "al2023-base"' })
  .max(40)
  .meta({ title: "name" });

export const regionSchema = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'an AWS region such as "eu-west-1"' })
  .meta({ title: "region" });

export const accountId = z
  .string()
  .regex(/^\d{12}$/, { error: 'a 12-digit account ID such as "111122223333"' })
  .meta({ title: "account ID" });

export const organizationalUnitId = z
  .string()
  .regex(/^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/, { error: 'an OU ID such as "ou-exam-workload"' })
  .meta({ title: "OU ID" });

/** Tags of any resource, those of AWS included, as a filter compares them. */
export const anyTags = z.record(z.string().min(1).max(128), z.string().max(256));

const SECONDS = { m: 60, h: 3600, d: 86_400 } as const;

const toSeconds = (text: string): number => Number(text.slice(0, -1)) * SECONDS[text.slice(-1) as keyof typeof SECONDS];

/** Seconds as a config writes them: `"36h"`. */
export function inWords(seconds: number): string {
  const unit = seconds % SECONDS.d === 0 ? "d" : seconds % SECONDS.h === 0 ? "h" : "m";
  return `${seconds / SECONDS[unit]}${unit}`;
}

const durationText = z.string().regex(/^\d+[mhd]$/, { error: 'a duration such as "30m", "24h" or "3d"', abort: true });

/** A duration as a config writes it (`"30m"`, `"24h"`, `"3d"`), in seconds once parsed. */
export const duration = durationText.transform(toSeconds).meta({ title: "duration" });

/** A duration with limits. @param accepts gets seconds */
export const durationWhere = (accepts: (seconds: number) => boolean, error: string) =>
  durationText
    .refine((text) => accepts(toSeconds(text)), { error })
    .transform(toSeconds)
    .meta({ title: `duration (${error.replace(/; .*/, "")})` });

/** @param least and `most` as a config writes them; both are allowed */
export function durationBetween(least: string, most: string) {
  const [from, to] = [toSeconds(least), toSeconds(most)];
  return durationWhere((seconds) => seconds >= from && seconds <= to, `from "${least}" to "${most}"`);
}

export function durationAtLeast(least: string) {
  const from = toSeconds(least);
  return durationWhere((seconds) => seconds >= from, `at least "${least}"`);
}
