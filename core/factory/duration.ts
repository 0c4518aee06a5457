import * as z from "zod";

const SECONDS = { m: 60, h: 3600, d: 86_400 } as const;

/** A duration as people write it in the config (`"30m"`, `"24h"`, `"3d"`), in seconds once parsed. */
export const duration = z
  .string()
  .regex(/^\d+[mhd]$/, { error: 'a duration such as "30m", "24h" or "3d"' })
  .transform((text) => Number(text.slice(0, -1)) * SECONDS[text.slice(-1) as keyof typeof SECONDS]);
