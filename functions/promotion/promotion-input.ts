import * as z from "zod";
import { buildArn, imageName, region } from "../../events/ids.ts";

/** Input that the promotion state machine passes to its functions. */
export const promotionInput = z.object({ image: imageName, build: buildArn });

export const channelStateInput = promotionInput.extend({ channel: z.string().min(1) });
export const regionStateInput = promotionInput.extend({ region });
