import * as z from "zod";

export const accountId = z.string().regex(/^\d{12}$/, { error: "a 12-digit account id" });
export const organizationalUnitId = z
  .string()
  .regex(/^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/, { error: 'an organizational unit id such as "ou-exam-workload"' });

/** Left out of a share, although what is shared with would reach them. */
const exceptSchema = z.strictObject({
  /** With everything below them. */
  organizationalUnits: z.array(organizationalUnitId).default([]),
  accounts: z.array(accountId).default([]),
});

/**
 * Who may launch what a channel points at: all that is named together, without the exceptions. Organization and units
 * follow accounts that join and leave by themselves; with exceptions or tags, Amint follows them.
 */
export const shareSchema = z
  .strictObject({
    organization: z.literal(true).optional(),
    /** With every unit below them. */
    organizationalUnits: z.array(organizationalUnitId).default([]),
    accounts: z.array(accountId).default([]),
    /** The accounts of the organization that bear all of these tags. */
    accountTags: z
      .record(z.string().min(1).max(128), z.string().max(256))
      .refine((tags) => Object.keys(tags).length > 0, { error: "at least one tag" })
      .optional(),
    except: exceptSchema.optional(),
  })
  .refine(
    ({ organization, organizationalUnits, accounts, accountTags }) =>
      organization || accountTags || organizationalUnits.length + accounts.length > 0,
    {
      error: "at least one of organization: true, organizationalUnits, accounts, accountTags",
    },
  );
export type Share = z.output<typeof shareSchema>;
