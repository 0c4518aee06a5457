import type * as z from "zod";
import type { driftFound } from "../events/drift-found.ts";
import type { Notice } from "./notice.ts";

/** What was not as the ledger says, most often by somebody's hand, and what became of it. */
export function describeDriftFound({ image, channel, found, done }: z.output<typeof driftFound.detail>): Notice {
  return {
    title: `${image}: ${channel} differed from the ledger`,
    lines: [`Found: ${found}`, `Done: ${done}`, `\`amint channels ${image}\` shows where it points, and by whom.`],
    tone: "bad",
    attributes: { event: "drift.found", image },
  };
}
