import * as z from "zod";
import { buildArn } from "./ids.ts";

/**
 * How severe a vendor calls an advisory, least severe first. `unknown`: the feed does not say, as Debian's and Ubuntu's
 * archives do not.
 */
export const advisorySeverities = ["unknown", "low", "medium", "important", "critical"] as const;
export const advisorySeverity = z.enum(advisorySeverities);
export type AdvisorySeverity = z.output<typeof advisorySeverity>;

/** An advisory that applies to a build: what it fixes, and what of that is installed in an older version. */
export const applicableAdvisory = z.strictObject({
  /** The vendor's id: `ALAS2023-2026-1695`; for an archive without advisories `noble-security/openssl/3.0.13-0ubuntu3.9`. */
  id: z.string().min(1),
  severity: advisorySeverity,
  cves: z.array(z.string()),
  packages: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        architecture: z.string(),
        /** Versions in full, `[epoch:]version[-release]`. */
        installed: z.string().min(1),
        fixed: z.string().min(1),
        /** The first of the image's promoted builds that had this version installed; left out where nobody knows. */
        since: buildArn.optional(),
      }),
    )
    .min(1),
});
export type ApplicableAdvisory = z.output<typeof applicableAdvisory>;
