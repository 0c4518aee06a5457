import type * as z from "zod";
import type { driftFound } from "../../events/repair.ts";
import type { Notice } from "../notice/notice.ts";

/** A resource that differed from the ledger or the config, usually after a manual edit, and what Amint did about it. */
export function describeDriftFound({ image, channel, found, done }: z.output<typeof driftFound.detail>): Notice {
  const lines = [`Found: ${found}`, `Action: ${done}`];
  if (image === undefined) {
    return {
      title: "Policy of a KMS key differs from the deployed one",
      lines,
      tone: "bad",
      attributes: { event: "drift.found" },
    };
  }
  return {
    title: `${image}: channel ${channel} differed from the ledger`,
    lines: [...lines, `\`amint channels ${image}\` shows where the channel points, and who moved it.`],
    tone: "bad",
    attributes: { event: "drift.found", image },
  };
}
