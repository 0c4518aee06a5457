import * as z from "zod";

/** The parts of a CycloneDX 1.5 document that make `images/components/sbom.yaml`'s evidence; others stay unread. */
export const sbom = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.string(),
  metadata: z.object({ timestamp: z.iso.datetime() }),
  components: z.array(z.object({ type: z.string(), name: z.string().min(1), purl: z.string().optional() })).min(1),
});
