import { Command, InvalidArgumentError } from "commander";
import { loadFactory } from "../cli/command/load-factory.ts";
import { printFound, printJson } from "../cli/command/print.ts";
import { withKeepOptions } from "../cli/try/keep-up.ts";
import { buildTable, channelTable, shareTable, unstartedList } from "../cli/try/tables.ts";
import { timelineLine } from "../cli/try/timeline.ts";
import { type TryCommandOptions, toJsonLine, tryFactory, withTryOptions } from "../cli/try/try.ts";
import { toPatched } from "../core/rollout/patched.ts";
import { retirementFaults } from "./checks.ts";
import { findFaults, MonthWentWrong } from "./expectations.ts";
import { followingList, lookAround, retirementList, sharingList, wayBackList } from "./lists.ts";
import { consumers } from "./organization.ts";
import { type LivedMonth, runMonth } from "./run-month.ts";
import { days, joining } from "./story.ts";

interface Options extends TryCommandOptions {
  readonly months: number;
}

/** `amint month`: the main job, on the embedded AWS. */
export const monthCommand = (): Command =>
  withKeepOptions(withTryOptions(new Command("month")))
    .description("live through the example's month on the embedded AWS; with --config, what amint try does")
    .option(
      "--months <number>",
      `how many months of ${days} days; builds are retired in the third and fourth`,
      toMonths,
      1,
    )
    .action((options: Options, command: Command) => {
      const given = (names: readonly string[]) => names.filter((name) => command.getOptionValueSource(name) === "cli");
      const [ofTry] = given(["seed", "days", "only", "organization"]);
      const [ofMonth] = given(["months"]);
      if (options.config === undefined && ofTry) throw new OptionMisplaced(ofTry, "with --config only");
      if (options.config !== undefined && ofMonth) throw new OptionMisplaced(ofMonth, "for the example's month only");
      return options.config === undefined ? month(options) : tryFactory(options, true);
    });

class OptionMisplaced extends Error {
  override readonly name = "OptionMisplaced";

  constructor(option: string, where: string) {
    super(`--${option} is ${where}; \`amint month --help\` has the options.`);
  }
}

async function month({ json, keep, port, months }: Options): Promise<void> {
  const started = performance.now();
  const factory = await loadFactory();
  if (!json)
    printFound(
      factory.name,
      (name) =>
        `Factory ${name}, ${days * months} days in factory time (UTC). Instances are simulated: nothing is executed on them.\n\n`,
    );
  const lived = await runMonth({
    factory,
    port: keep ? port : 0,
    months,
    onEvent: (event) => (json ? printJson(toJsonLine(event)) : printFound(event, timelineLine)),
  });
  const wallMs = Math.round(performance.now() - started);
  const { report, later } = lived;
  if (json) printJson(summary(lived, months, wallMs));
  else printFound({ report, ...(later && { later }) }, (told) => closing(told, months, wallMs));
  const faults = [...findFaults(report), ...(later ? retirementFaults(later) : [])];
  if (faults.length > 0) {
    await lived.running.close();
    throw new MonthWentWrong(faults);
  }
  if (keep)
    await lookAround(lived, factory, json ? () => {} : (text) => printFound(text.split("\n"), (lines) => lines));
  await lived.running.close();
}

const summary = ({ report, later }: LivedMonth, months: number, wallMs: number) => ({
  type: "summary",
  images: report.images,
  patched: report.following.clocks.map(toPatched),
  notifications: report.notifications,
  ...(later && { decisions: later.decisions, later: later.images }),
  days: days * months,
  wallMs,
});

const namesOf = ({ sharing: { joined } }: LivedMonth["report"]): Record<string, string> => ({
  ...Object.fromEntries([["999988887777", "management"], ...consumers.map(({ id, name }) => [id, name])]),
  ...(joined && { [joined]: joining.name }),
});

const closing = ({ report, later }: Pick<LivedMonth, "report" | "later">, months: number, wallMs: number): string => {
  const { events, images, notifications } = report;
  return [
    "",
    "Every build, and why:",
    "",
    buildTable(events),
    "",
    "What rebuilt nothing:",
    "",
    unstartedList(events),
    "",
    "Who joined, and what consumers could not launch before it was mended:",
    "",
    sharingList(report),
    "",
    "Taken back, and what consumers found then:",
    "",
    wayBackList(report),
    "",
    "Who followed al2023-base stable, and how soon advisories were gone from what runs:",
    "",
    followingList(report),
    "",
    "Read back through the SDK, AMIs and container images with each consumer account's credentials:",
    "",
    channelTable(images),
    "",
    shareTable(images, events, namesOf(report)),
    "",
    ...(later ? ["What became of old builds in the months after it:", "", retirementList(later), ""] : []),
    `${notifications.sns} SNS and ${notifications.slack} Slack messages${later ? ` in the first ${days} days` : ""}. ${days * months} days took ${(wallMs / 1000).toFixed(1)} s. Instances were simulated.`,
  ].join("\n");
};

function toMonths(text: string): number {
  const months = Number(text);
  if (!Number.isInteger(months) || months < 1 || months > 12) throw new InvalidArgumentError("a number from 1 to 12");
  return months;
}
