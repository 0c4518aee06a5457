import type * as z from "zod";
import type { driftFound } from "../../events/repair.ts";
import type { Notice } from "../notice/notice.ts";

/** What was not as the ledger or the config says, most often because it was edited by hand, and what was done. */
export function describeDriftFound({ image, channel, found, done }: z.output<typeof driftFound.detail>): Notice {
  const lines = [`Found: ${found}`, `Done: ${done}`];
  if (image === undefined) {
    return {
      title: "A key differs from what the factory deployed",
      lines,
      tone: "bad",
      attributes: { event: "drift.found" },
    };
  }
  return {
    title: `${image}: ${channel} differed from the ledger`,
    lines: [...lines, `\`amint channels ${image}\` shows where it points, and by whom.`],
    tone: "bad",
    attributes: { event: "drift.found", image },
  };
}
