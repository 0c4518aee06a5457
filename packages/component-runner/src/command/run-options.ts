import { type Command, InvalidArgumentError, Option } from "commander";
import { backendNames } from "../isolation/system.ts";

/** The phases that Image Builder runs. */
export const PHASES = ["build", "validate", "test"];

const inMinutes = 120;

/**
 * Where and how documents run.
 * @param runs the folder below which a run without `--results` leaves its logs
 */
export const withRunOptions = (command: Command, runs: string): Command =>
  command
    .addOption(
      new Option(
        "--in <backend>",
        "where documents run; left out: the first that this machine can; docker and podman were never tried with a real engine, only with a stand-in",
      ).choices(backendNames),
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
    .option("--results <folder>", `where AWSTOE's logs go; left out: a new folder below ${runs}`);

/** What runs of documents that are named on the command line. */
export const withDocumentOptions = (command: Command, phases: readonly string[] = PHASES): Command =>
  command
    .addOption(
      new Option("--phase <phases...>", `run these only${phases === PHASES ? "" : ` (${phases.join(", ")})`}`).choices(
        PHASES,
      ),
    )
    .option("--shell-on-failure", "open a shell in the system where a document failed")
    .option("--keep", "leave the last system running until Ctrl-C")
    .option("--junit <file>", "write a JUnit report");

function toCount(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("Use a whole number of at least 1.");
  return Number(text);
}

/** `name=value`, collected. */
export function toParameter(text: string, others: Readonly<Record<string, string>>): Record<string, string> {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError('Write <name>=<value>, such as "Port=22".');
  return { ...others, [text.slice(0, at)]: text.slice(at + 1) };
}
