import * as z from "zod";
import { duration } from "./duration.ts";

/**
 * How an image's old builds are retired, each stage only where it is proved that nobody uses them. Ages are in seconds,
 * counted from a build's start.
 */
export const retentionSchema = z.strictObject({
  /** So many of the newest builds that were in a channel stay, however old they are. */
  keep: z.int().refine((count) => count >= 1, { error: "at least 1: an image without a build helps nobody" }),
  /** From then on EC2 leaves its AMIs out of others' lists; every copy has the date from its promotion on. */
  deprecateAfter: duration,
  /** Nobody launches its AMIs from then on; who could is remembered. */
  disableAfter: duration,
  /** Its AMIs are deregistered, and their snapshots deleted. */
  retireAfter: duration,
});

export type Retention = z.output<typeof retentionSchema>;

const DAY = 86_400;

/** Seconds after a build's start from which on EC2 counts it as deprecated; without a retention, half a year. */
export const deprecatedAfter = (retention: Retention | undefined): number => retention?.deprecateAfter ?? 180 * DAY;
