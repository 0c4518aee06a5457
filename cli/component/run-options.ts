import type { Command } from "commander";
import { withRunOptions as withRunnerOptions } from "component-runner/command";

/** Below it are the logs of runs. */
export const RUNS = ".amint/runs";

/** Options that `amint components test` and `amint build --here` share. */
export const withRunOptions = (command: Command): Command =>
  withRunnerOptions(command.hook("preAction", nameCache), RUNS);

/** AMINT_CACHE is Amint's name for the runner's variable. */
function nameCache(): void {
  const { AMINT_CACHE } = process.env;
  if (AMINT_CACHE) process.env.COMPONENT_RUNNER_CACHE ??= AMINT_CACHE;
}
