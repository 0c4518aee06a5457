import * as z from "zod";
import { buildArn, channelName, imageName } from "../../events/ids.ts";
import { lambda } from "../lambda.ts";
import { confirmPublished } from "./confirm-published.ts";
import { moveBack } from "./move-back.ts";
import { publishMoved } from "./publish-moved.ts";

/**
 * Rolls a channel back to one of its earlier builds, in all regions, and publishes it when every parameter has the
 * value.
 */
export const handler = lambda({
  input: z.object({
    image: imageName,
    channel: channelName,
    to: z.string().min(1).max(300).optional(),
    from: buildArn.optional(),
    by: z.string().min(1).max(200),
    reason: z.string().min(1).max(500),
    request: z.string().min(1).max(100),
  }),
  async run(asked, invocation) {
    const { pointed, previous, corrected } = await moveBack(asked, invocation);
    await confirmPublished(asked, pointed, invocation);
    const moved = previous !== undefined && previous !== pointed.build;
    if (moved)
      await publishMoved(asked, pointed, { previous, because: `${asked.by} rolled back: ${asked.reason}` }, invocation);
    return { moved, build: pointed.build, previous, corrected, regions: pointed.amis };
  },
});
