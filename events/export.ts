import * as z from "zod";
import { defineEvent } from "./define-event.ts";
import { buildArn, channelName, imageName } from "./ids.ts";

const format = z.enum(["vmdk", "vhd", "raw"]);

const exported = z.strictObject({ image: imageName, channel: channelName, build: buildArn });

/** All files of a build are in the bucket, each with a signed manifest. */
export const exportReady = defineEvent(
  "export.ready",
  exported.extend({
    files: z.array(
      z.strictObject({
        format,
        /** In the stack's bucket. */
        key: z.string().min(1),
        /** In bytes. */
        size: z.int().min(1),
        /** S3's composite SHA-256: base64, a hyphen, the number of parts. */
        checksum: z.string().min(1),
      }),
    ),
  }),
);

/** A build could not be exported after several tries. Its channel still points at it. */
export const exportFailed = defineEvent(
  "export.failed",
  exported.extend({ formats: z.array(format), tries: z.int().min(1), error: z.string().min(1) }),
);
