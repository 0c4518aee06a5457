import type * as z from "zod";
import type { waiverExpiring } from "../../events/gate.ts";
import { toShellWord } from "../notice/foreign-text.ts";
import type { Notice } from "../notice/notice.ts";

/** Which waiver expires soon, and its owner. */
export function describeWaiverExpiring(waiver: z.output<typeof waiverExpiring.detail>): Notice {
  const { finding, image, owner, reason, until } = waiver;
  return {
    title: `${image === "*" ? "All images" : image}: waiver for ${finding} expires on ${until}`,
    lines: [
      `Owner: ${owner}`,
      `Reason: ${reason}`,
      "From the next day on, the finding counts again for the gate and triggers rebuilds.",
      "To extend it, change `until` in factory.config.ts, or:",
      `  amint waive ${toShellWord(finding)} --image ${toShellWord(image)} --owner ${toShellWord(owner)} --reason "..." --until <date>`,
    ],
    tone: "news",
    attributes: { event: "waiver.expiring", image },
  };
}
