import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, imageName } from "./ids.ts";

/** Somebody cancelled a build; nothing waits for it any longer. */
export const buildCancelled = defineEvent("build.cancelled", z.strictObject({ image: imageName, build: buildArn }));
