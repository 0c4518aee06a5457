import * as z from "zod";
import { decideExport } from "../core/exports/decide-export.ts";
import { buildArn } from "../events/ids.ts";
import { type ExportStep, exportEnv } from "./lib/exports/export-env.ts";
import { followExport } from "./lib/exports/follow-export.ts";
import { readExportFacts } from "./lib/exports/read-export-facts.ts";
import { lambda } from "./lib/lambda.ts";
import { inTurn } from "./lib/repair/in-turn.ts";

const input = z.union([
  z.object({ scheduledTime: z.iso.datetime() }),
  /** A channel moved, or a build was revoked: there may be something to do. */
  z.object({ image: z.string() }),
  /** By a person, once a failure's cause is away. */
  z.object({ again: buildArn }),
]);

export const handler = lambda({
  input,
  env: exportEnv,
  run: followExports,
});

/**
 * Exports the builds that channels with exports point at, and takes away what was exported of builds that are withdrawn.
 * It looks at all of them each time: an event that got lost, or came twice, changes nothing but when.
 */
export async function followExports(
  asked: z.output<typeof input>,
  step: ExportStep,
): Promise<{ readonly steps: number }> {
  const again = "again" in asked ? asked.again : undefined;
  const facts = await readExportFacts(step, again);
  const acts = [...facts].flatMap(([build, one]): [string, () => Promise<number>][] => {
    const decision = decideExport(one);
    return decision === "leave" ? [] : [[`export of ${build}`, () => followExport(one, decision, step)]];
  });
  return { steps: await inTurn(Object.fromEntries(acts)) };
}
