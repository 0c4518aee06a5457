import { loadProgram } from "../../cli/try/try.ts";
import type { Program } from "../../local/boot/boot-factory.ts";
import { checks } from "../../local/checks/check-all.ts";
import type { StoryReport } from "../../local/checks/story-report.ts";
import { runTry, type TryOptions } from "../../local/story/run-try.ts";

const programs = new Map<string, Promise<Program>>();

/** Tries one of `configs/`, which is evaluated once. */
export async function tryConfig(
  name: string,
  options: Pick<TryOptions, "seed" | "days" | "interfere">,
): Promise<{ readonly tried: StoryReport; readonly faults: readonly string[] }> {
  const program = programs.get(name) ?? loadProgram(`${import.meta.dirname}/configs/${name}.ts`);
  programs.set(name, program);
  const { report: tried, running } = await runTry({ ...(await program), ...options });
  await running.close();
  return { tried, faults: Object.values(checks).flatMap((find) => find(tried)) };
}
