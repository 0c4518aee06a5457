import { type Command, InvalidArgumentError, Option } from "commander";
import { backendNames } from "component-runner";
import { toCount } from "../command/print-log.ts";

/** Below it are the logs of runs. */
export const RUNS = ".amint/runs";

const inMinutes = 120;

/** Options that `amint components test` and `amint build --here` share. */
export const withRunOptions = (command: Command): Command =>
  command
    .hook("preAction", nameCache)
    .addOption(
      new Option("--in <backend>", "where documents run; left out: the first that this machine can").choices(
        backendNames,
      ),
    )
    .option(
      "--root <tar or directory>",
      "the root file system to start from; left out: the system's, from its vendor's packages",
    )
    .option("--memory <MiB>", "what the system may use", toCount, 2048)
    .option("--processes <number>", "how many the system may have", toCount, 4096)
    .option("--disk <MiB>", "what documents may write", toCount, 8192)
    .option("--time-limit <minutes>", "of the whole run", toCount, inMinutes)
    .option("--keep-going", "after a failed test document run the others' tests; Image Builder stops")
    .option("--no-cache", "start anew instead of from the layers of earlier runs")
    .option("--results <folder>", `where AWSTOE's logs go; left out: a new folder below ${RUNS}`);

/** AMINT_CACHE is Amint's name for the runner's variable. */
function nameCache(): void {
  const { AMINT_CACHE } = process.env;
  if (AMINT_CACHE) process.env.COMPONENT_RUNNER_CACHE ??= AMINT_CACHE;
}

/** `name=value`, collected. */
export function toParameter(text: string, others: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError('Write <name>=<value>, such as "Port=22".');
  return { ...others, [text.slice(0, at)]: text.slice(at + 1) };
}
