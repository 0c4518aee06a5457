import * as z from "zod";
import { imageOsNames } from "../packages/operating-system.ts";
import { channelSchema } from "./channel-schema.ts";
import { containerReferenceSchema, containerSchema } from "./container-schema.ts";
import { gateSchema } from "./gate-schema.ts";
import { nameSchema } from "./name-schema.ts";
import { regionSchema } from "./region-schema.ts";
import { retentionSchema } from "./retention-schema.ts";
import { triggersSchema } from "./triggers-schema.ts";

const parentSchema = z.union(
  [
    z.strictObject({ ssm: z.string().startsWith("/aws/service/") }),
    z.strictObject({ container: containerReferenceSchema }),
    z.strictObject({ image: nameSchema, channel: nameSchema }),
  ],
  {
    error:
      '{ ssm: "/aws/service/..." } (a public AMI), { container: "<image>:<tag>" } (a container image of a registry, for ' +
      'kind "container") or { image, channel } (an image of this factory and its channel)',
  },
);

const componentSchema = z.string().regex(/^(aws:[a-z0-9-]+|(?!\/)[\w./-]+\.ya?ml)$/, {
  error: '"aws:<name of a component of AWS>" or the path of a document such as "images/components/harden-ssh.yaml"',
});

const settings = z.strictObject({
  /** What its builds yield: AMIs, or container images in Amazon ECR. */
  kind: z.enum(["ami", "container"]).default("ami"),
  description: z.string().min(1).max(1024).optional(),
  os: z.enum(imageOsNames),
  architecture: z.enum(["x86_64", "arm64"]),
  parent: parentSchema,
  components: z.array(componentSchema).min(1),
  tests: z.array(componentSchema).min(1),
  instanceTypes: z
    .array(z.string().regex(/^[a-z0-9-]+\.[a-z0-9]+$/))
    .min(1)
    .optional(),
  /** Of an AMI's root device; 8 where it is left out. */
  volumeGiB: z.int().min(8).max(16_384).optional(),
  container: containerSchema.optional(),
  triggers: triggersSchema.prefault({}),
  gate: gateSchema,
  channels: z.array(channelSchema).min(1),
  /** When builds that nobody uses are retired; left out, none is. */
  retention: retentionSchema.optional(),
  /** Where it is published, of the factory's regions; left out, in all of them. */
  regions: z.array(regionSchema).min(1).optional(),
});

/** A container image has no root device, so that none is made up for it. */
export const imageSchema = settings.transform((image) =>
  image.kind === "ami" ? { ...image, volumeGiB: image.volumeGiB ?? 8 } : image,
);

export type Image = z.output<typeof imageSchema>;
