import type * as z from "zod";
import type { waiverExpiring } from "../../events/gate.ts";
import { toShellWord } from "../notice/foreign-text.ts";
import type { Notice } from "../notice/notice.ts";

/** Which waiver stops counting soon, and whose it is. */
export function describeWaiverExpiring(waiver: z.output<typeof waiverExpiring.detail>): Notice {
  const { finding, image, owner, reason, until } = waiver;
  return {
    title: `${image === "*" ? "All images" : image}: the waiver of ${finding} ends on ${until}`,
    lines: [
      `Owner: ${owner}`,
      `Reason: ${reason}`,
      "From the day after, the finding counts again: at the gate, and as something to rebuild for.",
      "To prolong it, change `until` in factory.config.ts, or:",
      `  amint waive ${toShellWord(finding)} --image ${toShellWord(image)} --owner ${toShellWord(owner)} --reason "..." --until <date>`,
    ],
    tone: "news",
    attributes: { event: "waiver.expiring", image },
  };
}
