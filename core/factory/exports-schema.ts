import * as z from "zod";
import { exportFormats } from "../exports/formats.ts";

/** Files of virtual machines that a channel's builds are exported to. */
export const exportsSchema = z.strictObject({
  formats: z.array(z.enum(exportFormats)).min(1),
});
