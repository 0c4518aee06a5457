import type * as z from "zod";
import type { costExceeded } from "../../events/cost.ts";
import type { Notice } from "../notice/notice.ts";

const MOST_PARTS = 10;

/** The month's estimated cost, which exceeds the configured threshold, by item. */
export function describeCostExceeded(exceeded: z.output<typeof costExceeded.detail>): Notice {
  const { month, estimated, alarm, currency, pricesOf, parts } = exceeded;
  const more = parts.length - MOST_PARTS;
  return {
    title: `Estimated cost of ${month} is ${estimated.toFixed(2)} ${currency} so far, above the threshold of ${alarm}`,
    lines: [
      ...parts
        .slice(0, MOST_PARTS)
        .map(({ of, amount }) => `${of}: ${amount < 0.005 ? "less than 0.01" : amount.toFixed(2)} ${currency}`),
      ...(more > 0 ? [`... and ${more} more`] : []),
      `This is an estimate with prices of ${pricesOf}, not a bill. The threshold is cost.monthlyAlarm in factory.config.ts.`,
      "Sent at most once a month.",
    ],
    tone: "news",
    attributes: { event: "cost.exceeded" },
    nextSteps: [`amint cost --month ${month}`],
  };
}
