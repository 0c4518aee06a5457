import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { artifactId, buildArn, channelName, imageName, region } from "./ids.ts";

/** A build's AMI in one region has a channel's launch permissions, read back after writing. */
export const imageShared = defineEvent(
  "image.shared",
  z.strictObject({
    image: imageName,
    build: buildArn,
    channel: channelName,
    region,
    amiId: artifactId,
    /** Organization ARNs, organizational unit ARNs and account ids. */
    sharedWith: z.array(z.string()).min(1),
  }),
);
