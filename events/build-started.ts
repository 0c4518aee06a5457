import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, imageName } from "./ids.ts";
import { trigger } from "./trigger.ts";

/** A pipeline's run was started; `parentBuild` is the promoted build it starts from. */
export const buildStarted = defineEvent(
  "build.started",
  z.strictObject({
    image: imageName,
    build: buildArn,
    triggers: z.array(trigger).min(1),
    parentBuild: buildArn.optional(),
  }),
);
