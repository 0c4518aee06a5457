import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { artifactId, buildArn, imageName } from "./ids.ts";

/** A build was made and its tests passed; its AMI exists in the build region and is shared with nobody. */
export const buildAvailable = defineEvent(
  "build.available",
  z.strictObject({ image: imageName, build: buildArn, amiId: artifactId }),
);
