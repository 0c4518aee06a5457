import { Command, InvalidArgumentError } from "commander";
import { Profile } from "embedded-aws";
import { retirementFaults } from "../../demo/checks.ts";
import { findFaults, MonthWentWrong } from "../../demo/expectations.ts";
import { runMonth } from "../../demo/run-month.ts";
import { begin, days } from "../../demo/story.ts";
import { loadFactory } from "../command/load-factory.ts";
import { readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson, say } from "../command/print.ts";
import { drawNext, type NextStep } from "./closing.ts";
import { drawLength, drawMonth, drawMonthTables, monthJson } from "./draw-month.ts";
import { drawProfile } from "./draw-profile.ts";
import { keepMonthUp } from "./keep-month-up.ts";
import { withKeepOptions } from "./keep-up.ts";
import { jsonLines, Narrator } from "./narrator.ts";
import { type TryCommandOptions, tryFactory, withTryOptions } from "./try.ts";

interface Options extends TryCommandOptions {
  readonly months: number;
  readonly timings?: true;
}

/** `amint month`: the example's month on the embedded AWS. */
export const monthCommand = (): Command =>
  withKeepOptions(withTryOptions(new Command("month")))
    .description("run the example's month on the embedded AWS; with --config, the same as amint try")
    .option("--months <number>", `how many months of ${days} days; builds retire in the third and fourth`, toMonths, 1)
    .option("--timings", "print where the time went: by day, function and AWS operation; it takes half as long again")
    .action((options: Options, command: Command) => {
      const given = (names: readonly string[]) => names.filter((name) => command.getOptionValueSource(name) === "cli");
      const [ofTry] = given(["seed", "days", "only", "organization"]);
      const [ofMonth] = given(["months", "timings"]);
      if (options.config === undefined && ofTry) throw new InvalidArgumentError(`--${ofTry} needs --config.`);
      if (options.config !== undefined && ofMonth)
        throw new InvalidArgumentError(`--${ofMonth} is for the example's month only.`);
      return options.config === undefined ? month(options) : tryFactory(options, true);
    });

async function month({ json, verbose = false, keep, port, months, timings }: Options): Promise<void> {
  const started = performance.now();
  const [factory, blueprint] = await Promise.all([loadFactory(), readBlueprint()]);
  let profile: Profile | undefined;
  const lived = await runMonth({
    ...{ factory, blueprint, months },
    port: keep ? port : 0,
    narration: json ? jsonLines : new Narrator({ factory, begin, days: days * months, verbose }),
    onBooted({ clock }) {
      if (timings) profile = new Profile(() => clock.now());
    },
  });
  const { running, report, later } = lived;
  try {
    const length = { months, wallMs: Math.round(performance.now() - started) };
    const spent = profile?.stop();
    const faults = [...findFaults(report), ...(later ? retirementFaults(later) : [])];
    const found = { report, ...(later && { later }) };
    if (spent && json) printJson({ type: "profile", ...spent });
    if (json) printJson(monthJson(lived, length));
    else {
      printFound(found, (safe) => (verbose ? drawMonthTables(safe) : drawMonth(safe, length)));
      printFound(found, (safe) => drawLength(safe, length));
    }
    if (spent && !json) printFound(spent, drawProfile);
    if (faults.length > 0) throw new MonthWentWrong(faults);
    if (!json) say`All checks of the month hold.`;
    if (keep) await keepMonthUp(lived, !json);
    else if (!json) printFound(next, drawNext);
  } finally {
    await running.close();
  }
}

const next: readonly NextStep[] = [
  { run: "npm start -- --keep", what: "look around in this AWS with Amint and the AWS CLI" },
  { run: "npx amint try --config demo/mixed/factory.config.ts", what: "a month of another factory, or of your own" },
  { run: "docs/getting-started.md", what: "from here to a factory in your account" },
];

function toMonths(text: string): number {
  const months = Number(text);
  if (!Number.isInteger(months) || months < 1 || months > 12) throw new InvalidArgumentError("a number from 1 to 12");
  return months;
}
