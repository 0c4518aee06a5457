import * as z from "zod";
import { blackoutSchema } from "./blackout-schema.ts";
import { consumersSchema } from "./consumers-schema.ts";
import { costSchema } from "./cost-schema.ts";
import { fleetSchema } from "./fleet-schema.ts";
import { imageSchema } from "./image-schema.ts";
import { keyArnSchema } from "./key-schema.ts";
import { leftoversSchema } from "./leftovers-schema.ts";
import { nameSchema } from "./name-schema.ts";
import { notifySchema } from "./notify-schema.ts";
import { personSchema } from "./person-schema.ts";
import { cloudTrailSchema, reconcileSchema } from "./reconcile-schema.ts";
import { recycleBinSchema } from "./recycle-bin-schema.ts";
import { regionSchema } from "./region-schema.ts";
import { waiverSchema } from "./waiver-schema.ts";

export const factorySchema = z.strictObject({
  name: nameSchema,
  /** Where images are built and tested. */
  buildRegion: regionSchema,
  /** Where images are published; the build region is one of them. */
  regions: z.array(regionSchema).min(1),
  organization: z.strictObject({
    id: z.string().regex(/^o-[a-z0-9]{10,32}$/, { error: 'an organization id such as "o-exampleorgid"' }),
    managementAccountId: z.string().regex(/^\d{12}$/, { error: "a 12-digit account id" }),
    /** The root above all units, which stands for all of the organization where a StackSet asks for units. */
    rootId: z
      .string()
      .regex(/^r-[0-9a-z]{4,32}$/, { error: 'the id of the organization\'s root such as "r-exam"' })
      .optional(),
  }),
  /** Keys that are there already, by region; elsewhere the stack makes one. docs/organization.md says what they allow. */
  keys: z.record(regionSchema, keyArnSchema).optional(),
  /** How it is tried, in consumers' accounts, that they can launch what is shared with them. */
  consumers: consumersSchema.optional(),
  notify: notifySchema.default({ email: [] }),
  /** Amint turns on Amazon Inspector's EC2 scanning in the factory's account; `false` where the organization does. */
  enableInspector: z.boolean().default(true),
  /** Which trail logs management events, those of KMS among them; docs/runbook.md says what each finds, and how soon. */
  cloudTrail: cloudTrailSchema.default("none"),
  /** How often all that is published is compared with AWS. */
  reconcile: reconcileSchema.prefault({}),
  /** When what failed builds and trials leave behind is removed. */
  leftovers: leftoversSchema.prefault({}),
  /** How long what is deregistered or deleted can be taken back. */
  recycleBin: recycleBinSchema.prefault({}),
  /** When people hear which accounts run what. */
  fleet: fleetSchema.prefault({}),
  /** When people hear that the factory costs more than was thought. */
  cost: costSchema.optional(),
  /** Findings that rebuild nothing, for a while. */
  waivers: z.array(waiverSchema).default([]),
  /** When no build starts by itself. */
  blackouts: z.array(blackoutSchema).default([]),
  /** Those who approve, by the names that the config calls them. */
  people: z.record(nameSchema, personSchema).default({}),
  images: z.record(nameSchema, imageSchema),
});

/** What one `factory.config.ts` describes, validated and with defaults filled in. */
export type Factory = z.output<typeof factorySchema>;
export type FactoryInput = z.input<typeof factorySchema>;
