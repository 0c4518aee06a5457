import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, imageName, region } from "./ids.ts";

const count = z.int().min(0);
const account = z.string().regex(/^\d{12}$/);

/** Who runs which builds of an image, as EC2's usage reports say; told once a month. */
export const fleetReported = defineEvent(
  "fleet.reported",
  z.strictObject({
    image: imageName,
    /** `2026-04` */
    month: z.string().regex(/^\d{4}-\d{2}$/),
    /** Of how many AMIs, over builds and regions, a report was read. Without any, nothing is known: not nobody. */
    reported: count,
    /** Those with instances or launch templates, as the reports say. */
    accounts: count,
    instances: count,
    launchTemplates: count,
    /** Of the builds that instances run, in days; absent: no report has an instance. */
    ages: z.strictObject({ p50: count, p90: count, oldest: count }).exactOptional(),
    /** The oldest and the newest report that was counted. */
    asOf: z.strictObject({ oldest: z.iso.datetime(), newest: z.iso.datetime() }).exactOptional(),
    /** Advisories of the last 30 days in instances that follow a channel with roll-outs; seconds until 90 % were patched. */
    patched: z
      .strictObject({
        advisories: z.int().min(1),
        /** Below 90 % still. */
        open: count,
        p90: z.strictObject({ median: count, slowest: count }).exactOptional(),
      })
      .exactOptional(),
    /** Builds that are used though they are deprecated or revoked; the most uses first, as many as fit an event. */
    unwanted: z.array(
      z.strictObject({
        build: buildArn,
        revoked: z.boolean(),
        deprecated: z.boolean(),
        users: z.array(z.strictObject({ account, instances: count, launchTemplates: count })).min(1),
        /** How many more accounts there were. */
        more: count,
      }),
    ),
    /** How many more such builds there were. */
    moreUnwanted: count,
    /** AMIs of which nothing is known, and why. */
    unknown: z.array(z.strictObject({ region, amis: z.int().min(1), why: z.string().min(1) })),
    /** How many more AMIs nothing is known of, for other reasons. */
    moreUnknown: count,
  }),
);
