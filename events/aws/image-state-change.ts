import * as z from "zod";
import { defineAwsEvent } from "../define-event.ts";

const state = z.object({ status: z.string(), reason: z.string().optional() });

/**
 * "EC2 Image Builder Image State Change": `resources[0]` is the image build version. Best effort, so it may arrive
 * twice, late or never: a hint to call Image Builder (user guide, "Event messages sent by Image Builder").
 */
export const imageStateChange = defineAwsEvent(
  "aws.imagebuilder",
  "EC2 Image Builder Image State Change",
  z.object({ "previous-state": state.optional(), state }),
);
