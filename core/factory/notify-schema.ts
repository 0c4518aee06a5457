import * as z from "zod";
import { nameSchema } from "./values.ts";

/** An approver or requester, by the names that Slack and IAM know them under. */
const personSchema = z
  .strictObject({
    /**
     * Slack user ID, for answers by button.
     * @example "U012AB3CD"
     */
    slack: z
      .string()
      .regex(/^[UW][A-Z0-9]{6,}$/, { error: 'a Slack user ID such as "U012AB3CD"' })
      .optional(),
    /**
     * ARNs of IAM users and assumed roles, for answers by command. `*` matches any characters, such as a session name.
     * @example ["arn:aws:sts::111122223333:assumed-role/Platform/ada@example.com"]
     */
    principals: z
      .array(
        z.string().regex(/^arn:[a-z-]+:(iam|sts)::\d{12}:.+$/, {
          error:
            'the ARN of an IAM user or assumed role such as "arn:aws:sts::111122223333:assumed-role/PlatformTeam/ada@example.com"',
        }),
      )
      .default([]),
  })
  .refine(({ slack, principals }) => slack !== undefined || principals.length > 0, {
    error: "slack, principals or both; otherwise no answer could be attributed to this name",
  });

export type Person = z.output<typeof personSchema>;

export const peopleSchema = z.record(nameSchema, personSchema);

/** The kind of a notice: good news, a failure, other news, or a question to approvers. */
const tones = ["good", "bad", "news", "question"] as const;

export type Tone = (typeof tones)[number];

const channel = z.string().min(1);

const routeSchema = z
  .strictObject({
    /**
     * Notices about these images.
     * @defaultValue all images
     * @example ["al2023-web"]
     */
    images: z.array(nameSchema).min(1).optional(),
    /**
     * Notices of these kinds: `"bad"` is a failure, `"question"` a request for approval.
     * @defaultValue all tones
     * @example ["bad", "question"]
     */
    tones: z.array(z.enum(tones)).min(1).optional(),
    /**
     * The Slack channel, by name or ID.
     * @example "#web-images"
     */
    channel,
  })
  .refine(({ images, tones: some }) => images !== undefined || some !== undefined, {
    error: "images, tones or both; a route for every notice is notify.slack.channel",
  });

const slackSchema = z.strictObject({
  /**
   * The channel, by name or ID, that the Slack app posts to.
   * @example "#golden-images"
   */
  channel,
  /**
   * Other channels for some notices. A notice goes to the first route that matches.
   * @example [{ tones: ["bad"], channel: "#golden-images-alerts" }]
   */
  routes: z.array(routeSchema).default([]),
  /**
   * Reserved concurrency of the function behind the public URL, which is also the most that a flood of requests takes from
   * the account's other functions. Lambda keeps 100 executions unreserved, so the account needs a limit of at least 101.
   * @defaultValue no reserved concurrency
   * @example 5
   */
  reservedConcurrency: z
    .int({ error: "a whole number of executions, such as 5" })
    .min(1, { error: "1 or more: with 0, Lambda never runs the function" })
    .max(100, { error: "at most 100: Slack calls once for each click" })
    .optional(),
});

/** Where notices go, besides subscribers that add themselves to the topic. */
export const notifySchema = z.strictObject({
  /**
   * E-mail addresses that SNS subscribes to the notices. Each must confirm.
   * @example ["platform@example.com"]
   */
  email: z.array(z.email({ error: 'an e-mail address such as "platform@example.com"' })).default([]),
  /**
   * Post notices to Slack and take answers there.
   * @defaultValue no Slack
   * @example { channel: "#golden-images" }
   */
  slack: slackSchema.optional(),
});

export type SlackSettings = NonNullable<z.output<typeof notifySchema>["slack"]>;
