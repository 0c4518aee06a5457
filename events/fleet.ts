import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, imageName, region } from "./ids.ts";

const count = z.int().min(0);
const account = z.string().regex(/^\d{12}$/);

/** Who runs which builds of an image, according to EC2's usage reports; once a month. */
export const fleetReported = defineEvent(
  "fleet.reported",
  z.strictObject({
    image: imageName,
    /** `2026-04` */
    month: z.string().regex(/^\d{4}-\d{2}$/),
    /** The number of AMIs with a report, over builds and regions. Zero: usage is unknown, which is not "unused". */
    reported: count,
    /** Accounts with instances or launch templates, according to the reports. */
    accounts: count,
    instances: count,
    launchTemplates: count,
    /** The ages in days of the builds that instances run; absent where no report has an instance. */
    ages: z.strictObject({ p50: count, p90: count, oldest: count }).exactOptional(),
    /** The oldest and the newest counted report. */
    asOf: z.strictObject({ oldest: z.iso.datetime(), newest: z.iso.datetime() }).exactOptional(),
    /**
     * Advisories of the last 30 days on instances that follow a channel with roll-outs; seconds until 90 % were
     * patched.
     */
    patched: z
      .strictObject({
        advisories: z.int().min(1),
        /** Still below 90 %. */
        open: count,
        p90: z.strictObject({ median: count, slowest: count }).exactOptional(),
      })
      .exactOptional(),
    /** The image's operating system has no more security updates without a further subscription. */
    supportEnded: z
      .strictObject({
        /** The release, such as `debian-12` or `sles-15-sp5`. */
        system: z.string().min(1),
        /** The last day. */
        on: z.iso.date(),
        /** The sentence of the notice: which support ended when, and what still has updates. */
        text: z.string().min(1),
      })
      .exactOptional(),
    /** Builds in use although they are deprecated or revoked; most used first, as many as fit an event. */
    unwanted: z.array(
      z.strictObject({
        build: buildArn,
        revoked: z.boolean(),
        deprecated: z.boolean(),
        users: z.array(z.strictObject({ account, instances: count, launchTemplates: count })).min(1),
        /** The number of further accounts. */
        more: count,
      }),
    ),
    /** The number of further builds. */
    moreUnwanted: count,
    /** AMIs with unknown usage, and why. */
    unknown: z.array(z.strictObject({ region, amis: z.int().min(1), why: z.string().min(1) })),
    /** The number of further AMIs with unknown usage, for other reasons. */
    moreUnknown: count,
  }),
);
