import { defineEvent } from "./define-event.ts";
import { imageName } from "./ids.ts";
import { packagesTrigger } from "./trigger.ts";

/** Advisories apply to what is installed in the build that an image's last channel points at. */
export const packageUpdated = defineEvent(
  "package.updated",
  packagesTrigger.omit({ kind: true }).extend({ image: imageName }),
);
