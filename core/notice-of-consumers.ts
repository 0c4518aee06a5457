import type * as z from "zod";
import type { consumersFailed } from "../events/consumers-failed.ts";
import type { Notice } from "./notice.ts";

/** In which accounts something does not succeed, and what people there lack meanwhile. */
export function describeConsumersFailed(detail: z.output<typeof consumersFailed.detail>): Notice {
  const { work, image, channel, count, accounts } = detail;
  const some = `${count} account${count === 1 ? "" : "s"}`;
  const what =
    work === "grants"
      ? `Auto Scaling cannot use the images' keys in ${some}`
      : `${image}: ${channel}'s parameter has no current copy in ${some}`;
  const lacks =
    work === "grants"
      ? "Auto Scaling groups there cannot launch encrypted images; RunInstances can."
      : "Templates there that read the copy get the build before, or none; launch templates that name the shared parameter do not.";
  const more = count - accounts.length;
  return {
    title: what,
    lines: [
      ...accounts.map(({ account, why }) => `${account}: ${why}`),
      ...(more > 0 ? [`... and ${more} more`] : []),
      lacks,
      "It is tried again each hour.",
    ],
    tone: "bad",
    attributes: { event: "consumers.failed", ...(image && { image }) },
    nextSteps: ["amint validate"],
  };
}
