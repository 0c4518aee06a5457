import { loadProgram, type TriedProgram } from "../../cli/try/load-program.ts";
import { checks } from "../../local/checks/check-all.ts";
import type { Tried } from "../../local/checks/tried.ts";
import { runTry, type TryOptions } from "../../local/story/run-try.ts";

const programs = new Map<string, Promise<TriedProgram>>();

/** Tries one of `configs/`, which is evaluated once. */
export async function tryConfig(
  name: string,
  options: Pick<TryOptions, "seed" | "days" | "interfere">,
): Promise<{ readonly tried: Tried; readonly faults: readonly string[] }> {
  const program = programs.get(name) ?? loadProgram(`${import.meta.dirname}/configs/${name}.ts`);
  programs.set(name, program);
  const tried = await runTry({ ...(await program), ...options });
  return { tried, faults: Object.values(checks).flatMap((find) => find(tried)) };
}
