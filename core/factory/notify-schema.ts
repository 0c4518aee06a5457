import * as z from "zod";
import { nameSchema } from "./name-schema.ts";

/** What kind of news a notice is: something failed, somebody is to answer, or people only want to know. */
const tones = ["good", "bad", "news", "question"] as const;
export type Tone = (typeof tones)[number];

const channel = z.string().min(1);

const routeSchema = z
  .strictObject({
    /** Left out: of every image. */
    images: z.array(nameSchema).min(1).optional(),
    /** Left out: all of them. */
    tones: z.array(z.enum(tones)).min(1).optional(),
    channel,
  })
  .refine(({ images, tones: some }) => images !== undefined || some !== undefined, {
    error: "at least one of images, tones: without either it is what notify.slack.channel is for",
  });

/** Whom notices reach, beside those who subscribe to the topic by themselves. */
export const notifySchema = z.strictObject({
  email: z.array(z.email()).default([]),
  slack: z
    .strictObject({
      /** The channel (name or id) that the Slack app posts to. */
      channel,
      /** Where some notices go instead: to the first that fits. */
      routes: z.array(routeSchema).default([]),
    })
    .optional(),
});
export type SlackSettings = NonNullable<z.output<typeof notifySchema>["slack"]>;
