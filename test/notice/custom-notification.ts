import * as z from "zod";

/** Amazon Q Developer in chat applications, administrator guide, "Custom notifications": event schema and its limits. */
export const customNotification = z.strictObject({
  version: z.literal("1.0"),
  source: z.literal("custom"),
  id: z.string().min(1).optional(),
  content: z.strictObject({
    textType: z.literal("client-markdown").optional(),
    title: z.string().max(250).optional(),
    description: z.string().min(1).max(8_000),
    nextSteps: z.array(z.string()).optional(),
    keywords: z.array(z.string()).optional(),
  }),
  metadata: z
    .strictObject({
      threadId: z.string().optional(),
      summary: z.string().optional(),
      eventType: z.string().optional(),
      relatedResources: z.array(z.string()).optional(),
      additionalContext: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
});
