import * as z from "zod";
import { componentTest } from "./component-test.ts";
import { defineEvent } from "./define-event.ts";
import { buildArn, imageName } from "./ids.ts";

/** What stopped a build. `component`, `phase` and `step` are known where a component's document failed. */
export const buildFailure = z.strictObject({
  component: z.string().optional(),
  phase: z.string().optional(),
  step: z.string().optional(),
  reason: z.string().min(1),
  /** Where the build came to its tests: which component passed, which failed, and which did not run any more. */
  tests: z
    .strictObject({ source: z.string().min(1), at: z.iso.datetime(), components: z.array(componentTest).min(1) })
    .optional(),
});
export type BuildFailure = z.output<typeof buildFailure>;

export const buildFailed = defineEvent(
  "build.failed",
  z.strictObject({
    image: imageName,
    build: buildArn,
    failure: buildFailure,
    /** So many builds in a row have failed that only people start one now, until one succeeds or the image changes. */
    breaker: z.strictObject({ failures: z.int().min(1) }).optional(),
  }),
);
