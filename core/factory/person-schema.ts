import * as z from "zod";

/** A person, by the names that Slack and IAM know them under. */
export const personSchema = z
  .strictObject({
    /** Slack's user id. */
    slack: z
      .string()
      .regex(/^[UW][A-Z0-9]{6,}$/, { error: 'a Slack user id such as "U012AB3CD"' })
      .optional(),
    /** ARNs of IAM users and assumed roles; `*` for any characters, e.g. for the session's name. */
    principals: z
      .array(
        z.string().regex(/^arn:[a-z-]+:(iam|sts)::\d{12}:.+$/, {
          error: 'an ARN such as "arn:aws:sts::111122223333:assumed-role/PlatformTeam/ada@example.com"',
        }),
      )
      .default([]),
  })
  .refine(({ slack, principals }) => slack !== undefined || principals.length > 0, {
    error: "at least one of slack, principals: nobody could answer as this person",
  });
export type Person = z.output<typeof personSchema>;
