import * as z from "zod";

/** An IANA time zone; UTC where the config says none. */
export const timezone = z
  .string()
  .refine(isTimezone, { error: 'an IANA time zone such as "Europe/Zurich" or "UTC"' })
  .default("UTC");

/** JavaScript takes offsets such as `+02:00` and any mix of capitals, too; EventBridge Scheduler takes names. */
function isTimezone(name: string): boolean {
  try {
    const { timeZone } = new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions();
    const otherCapitals = timeZone !== name && timeZone.toLowerCase() === name.toLowerCase();
    return /^[A-Za-z]/.test(name) && !otherCapitals;
  } catch {
    return false;
  }
}
