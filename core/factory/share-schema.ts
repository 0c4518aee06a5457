import * as z from "zod";

const accountId = z.string().regex(/^\d{12}$/, { error: "a 12-digit account id" });
const organizationalUnitId = z
  .string()
  .regex(/^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/, { error: 'an organizational unit id such as "ou-exam-workload"' });

/** Who may launch what a channel points at. */
export const shareSchema = z
  .strictObject({
    organization: z.literal(true).optional(),
    organizationalUnits: z.array(organizationalUnitId).default([]),
    accounts: z.array(accountId).default([]),
  })
  .refine(
    ({ organization, organizationalUnits, accounts }) =>
      organization || organizationalUnits.length + accounts.length > 0,
    {
      error: "at least one of organization: true, organizationalUnits, accounts",
    },
  );
export type Share = z.output<typeof shareSchema>;
