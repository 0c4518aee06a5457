import { defineEvent } from "./define-event.ts";
import { imageName } from "./ids.ts";
import { baseTrigger } from "./trigger.ts";

/** The public AMI that an image starts from is another one than its newest build started from. */
export const baseUpdated = defineEvent("base.updated", baseTrigger.omit({ kind: true }).extend({ image: imageName }));
