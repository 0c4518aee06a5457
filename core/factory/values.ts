import * as z from "zod";
import { NAME } from "../../events/ids.ts";

/** Lower-case words joined by hyphens: Image Builder lower-cases names in ARNs, so nothing else round-trips. */
export const nameSchema = z
  .string()
  .regex(NAME, { error: "lower-case letters, digits and single hyphens, a letter first" })
  .max(40);

export const regionSchema = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'an AWS region such as "eu-west-1"' });

export const accountId = z.string().regex(/^\d{12}$/, { error: "a 12-digit account id" });

export const organizationalUnitId = z
  .string()
  .regex(/^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/, { error: 'an organizational unit id such as "ou-exam-workload"' });

const SECONDS = { m: 60, h: 3600, d: 86_400 } as const;

/** A duration as people write it in the config (`"30m"`, `"24h"`, `"3d"`), in seconds once parsed. */
export const duration = z
  .string()
  .regex(/^\d+[mhd]$/, { error: 'a duration such as "30m", "24h" or "3d"' })
  .transform((text) => Number(text.slice(0, -1)) * SECONDS[text.slice(-1) as keyof typeof SECONDS]);
