import * as z from "zod";

/** An exception to one finding on one image (or on all, `*`), with an owner, a reason and an end. */
export const waiverSchema = z.strictObject({
  /** An advisory's or a CVE's id. */
  finding: z.string().min(1),
  image: z.string().min(1),
  owner: z.string().min(1),
  reason: z.string().min(1),
  /** The last day on which it counts, in UTC. */
  until: z.iso.date(),
});
export type Waiver = z.output<typeof waiverSchema>;
