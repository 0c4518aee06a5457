import * as z from "zod";
import { advisorySeverities } from "../../events/advisory.ts";
import { duration } from "./duration.ts";
import { scheduleSchema } from "./schedule.ts";

/** Which advisories on installed packages rebuild an image. */
const packagesSchema = z.strictObject({
  /**
   * The least severe advisory that rebuilds; `unknown` takes all, and is the only one that Debian's and Ubuntu's archives
   * can serve, because they do not say severities.
   */
  severity: z.enum(advisorySeverities),
  /**
   * On Amazon Linux 2023, where dnf is locked to a release: the release that the image's update component takes. `latest`
   * with `images/components/update-al2023.yaml`; else a release such as `2023.8.20260413`.
   */
  release: z
    .string()
    .regex(/^(latest|2023\.\d+\.\d{8})$/, { error: '"latest" or a release such as "2023.8.20260413"' })
    .default("latest"),
});

/** Why and when an image is rebuilt without anybody asking. */
export const triggersSchema = z.strictObject({
  schedule: scheduleSchema.optional(),
  /** Rebuild when the parent, an image of this factory, was promoted. */
  parent: z.boolean().default(false),
  /** Rebuild when the public AMI, or the image behind the tag, that it starts from is replaced. */
  base: z.boolean().default(false),
  packages: packagesSchema.optional(),
  /** From one build's start to the next, whatever triggers it; what comes earlier waits. People may ask at any time. */
  minimumInterval: duration.default(3600),
  /**
   * How old what a channel gives people may become before an alarm says so, counted from its build's start; only of images
   * that a schedule rebuilds, their own or their parent's. Left out: forty days, or longer where the schedule is slower.
   */
  staleAfter: duration.optional(),
  /** After so many failed builds in a row only people start one, until one succeeds or the image's config changes. */
  breaker: z.strictObject({ failures: z.int().min(1).max(100) }).default({ failures: 3 }),
});
