import * as z from "zod";
import { buildArn, imageName, region } from "../../events/ids.ts";

/** What the promotion state machine hands to each of its steps. */
export const promotionInput = z.object({ image: imageName, build: buildArn });

export const channelStepInput = promotionInput.extend({ channel: z.string().min(1) });
export const regionStepInput = promotionInput.extend({ region });
