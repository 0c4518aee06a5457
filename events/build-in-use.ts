import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, imageName, region } from "./ids.ts";

/** Who used a revoked build when it was revoked, as EC2's usage reports say. */
export const buildInUse = defineEvent(
  "build.in-use",
  z.strictObject({
    image: imageName,
    build: buildArn,
    /** Accounts with instances of it, or with launch templates that name one of its AMIs; the most uses first. */
    users: z.array(
      z.strictObject({
        account: z.string().regex(/^\d{12}$/),
        region,
        instances: z.int().min(0),
        launchTemplates: z.int().min(0),
      }),
    ),
    /** Regions of which nothing is known, and why. */
    unknown: z.array(z.strictObject({ region, why: z.string().min(1) })),
  }),
);
