import { readFile } from "node:fs/promises";
import * as z from "zod";
import type { FreedStorage } from "../../core/cost/usage.ts";

const plan = z.object({
  decisions: z.array(
    z.object({ image: z.string(), does: z.string(), frees: z.record(z.string(), z.number().nonnegative()) }),
  ),
});

/** Decisions that take nothing away, or not now: nobody knows whether they ever free what they name. */
const STAYS: readonly string[] = ["keep", "wait", "give-back", "gone"];

/**
 * What a retirement plan frees, as `amint retire --plan --json` prints it.
 * @throws NoPlan where the file is none
 */
export async function readFreed(path: string): Promise<FreedStorage[]> {
  try {
    return plan
      .parse(JSON.parse(await readFile(path, "utf8")))
      .decisions.filter(({ does }) => !STAYS.includes(does))
      .flatMap(({ image, frees }) => Object.entries(frees).map(([region, gib]) => ({ image, region, gib })));
  } catch (cause) {
    throw new NoPlan(path, cause);
  }
}

class NoPlan extends Error {
  override readonly name = "NoPlan";

  constructor(path: string, cause: unknown) {
    const found = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    super(`${path} is no retirement plan; \`amint retire --plan --json\` prints one. ${found}`, { cause });
  }
}
