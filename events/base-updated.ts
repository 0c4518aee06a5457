import { defineEvent } from "./define-event.ts";
import { imageName } from "./ids.ts";
import { baseTrigger } from "./trigger.ts";

/** What an image starts from, a public AMI or a registry's container image, is another one than its newest build started from. */
export const baseUpdated = defineEvent("base.updated", baseTrigger.omit({ kind: true }).extend({ image: imageName }));
