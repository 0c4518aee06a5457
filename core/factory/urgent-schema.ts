import * as z from "zod";
import { advisorySeverities } from "../../events/build.ts";

/** Which advisories are urgent; one condition is enough. The words are those of `triggers.packages`. */
export const urgentSchema = z
  .strictObject({
    /**
     * An advisory of at least this severity is urgent.
     * @defaultValue no severity is urgent
     * @example "critical"
     */
    severity: z.enum(advisorySeverities).exclude(["unknown"]).optional(),
    /**
     * `"always"`: an advisory with a CVE in CISA's catalog of known exploited vulnerabilities is urgent at any severity.
     * @defaultValue exploits alone make nothing urgent
     * @example "always"
     */
    exploited: z.literal("always").optional(),
    /**
     * An advisory with a CVE of at least this EPSS score (FIRST) is urgent at any severity.
     * @defaultValue scores make nothing urgent
     * @example 0.5
     */
    epss: z.number().gt(0).max(1).optional(),
  })
  .refine((rule) => Object.keys(rule).length > 0, { error: "at least one of severity, exploited, epss" });

export type Urgent = z.output<typeof urgentSchema>;
