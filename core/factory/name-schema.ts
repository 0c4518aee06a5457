import * as z from "zod";

/** Lower-case words joined by hyphens: Image Builder lower-cases names in ARNs, so nothing else round-trips. */
export const nameSchema = z
  .string()
  .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: "lower-case letters, digits and single hyphens, a letter first" })
  .max(40);
