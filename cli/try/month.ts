import { Command, InvalidArgumentError } from "commander";
import { Profile } from "embedded-aws";
import { toPatched } from "../../core/rollout/patched.ts";
import { acts } from "../../demo/acts.ts";
import { retirementFaults } from "../../demo/checks.ts";
import { findFaults, MonthWentWrong } from "../../demo/expectations.ts";
import { allTables, retirementTable } from "../../demo/lists.ts";
import { lookAround } from "../../demo/look-around.ts";
import { type LivedMonth, runMonth } from "../../demo/run-month.ts";
import { begin, days, endOf } from "../../demo/story.ts";
import type { RunningFactory } from "../../local/boot/boot-factory.ts";
import { readBlueprint } from "../command/blueprint.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printFound, printJson, say } from "../command/print.ts";
import { drawChannels, drawNext, type NextStep } from "./closing.ts";
import { drawProfile } from "./draw-profile.ts";
import { withKeepOptions } from "./keep-up.ts";
import { paragraph } from "./layout.ts";
import { Narrator } from "./narrator.ts";
import { type TryCommandOptions, toJsonLine, tryFactory, withTryOptions } from "./try.ts";

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
      if (options.config === undefined && ofTry) throw new OptionMisplaced(ofTry, "with --config only");
      if (options.config !== undefined && ofMonth) throw new OptionMisplaced(ofMonth, "for the example's month only");
      return options.config === undefined ? month(options) : tryFactory(options, true);
    });

class OptionMisplaced extends Error {
  override readonly name = "OptionMisplaced";

  constructor(option: string, where: string) {
    super(`--${option} is ${where}; \`amint month --help\` lists the options.`);
  }
}

async function month({ json, verbose = false, keep, port, months, timings }: Options): Promise<void> {
  const started = performance.now();
  const [factory, blueprint] = await Promise.all([loadFactory(), readBlueprint()]);
  const narrator = json ? undefined : new Narrator({ factory, begin, days: days * months, verbose });
  narrator?.begin(acts, blueprint.resources.length);
  let profile: Profile | undefined;
  const beginProfile = ({ clock }: RunningFactory) => {
    if (timings) profile = new Profile(() => clock.now());
  };
  const lived = await runMonth({
    factory,
    blueprint,
    port: keep ? port : 0,
    months,
    onEvent: narrator ? narrator.event : (event) => printJson(toJsonLine(event)),
    ...(narrator && { onTime: (at) => narrator.at(at) }),
    onPart(part, running) {
      if (part === "booted") beginProfile(running);
      if (part === "booted") narrator?.booted();
      if (part === "lived" && months === 1) narrator?.end();
    },
  }).finally(() => narrator?.close());
  const wallMs = Math.round(performance.now() - started);
  narrator?.end();
  const spent = profile?.stop();
  const { report, later } = lived;
  const faults = [...findFaults(report), ...(later ? retirementFaults(later) : [])];
  const found = { report, ...(later && { later }) };
  if (spent && json) printJson({ type: "profile", ...spent });
  if (json) printJson(summary(lived, months, wallMs));
  else if (verbose) printFound(found, allTables);
  else printFound(found, (safe) => closing(safe, months));
  if (!json) printFound(took(lived, months, wallMs), (text) => ["", ...paragraph(text)]);
  if (spent && !json) printFound(spent, drawProfile);
  if (faults.length > 0) {
    await lived.running.close();
    throw new MonthWentWrong(faults);
  }
  if (!json) say`All checks of the month hold.`;
  if (keep) await lookAround(lived, factory, !json);
  else if (!json) printFound(next, drawNext);
  await lived.running.close();
}

const next: readonly NextStep[] = [
  { run: "npm start -- --keep", what: "look around in this AWS with Amint and the AWS CLI" },
  { run: "npx amint try --config demo/mixed/factory.config.ts", what: "a month of another factory, or of your own" },
  { run: "docs/getting-started.md", what: "from here to a factory in your account" },
];

const summary = ({ report, later }: LivedMonth, months: number, wallMs: number) => ({
  type: "summary",
  images: report.images,
  patched: report.following.clocks.map(toPatched),
  notifications: report.notifications,
  ...(later && { decisions: later.decisions, later: later.images }),
  days: days * months,
  wallMs,
});

/** The channels at the end, and with several months what becomes of each build. */
const closing = ({ report, later }: Pick<LivedMonth, "report" | "later">, months: number): string[] => [
  ...(later ? retirementTable(later) : []),
  ...drawChannels(later?.images ?? report.images, later?.events ?? report.events, endOf(months)),
];

const took = ({ report: { notifications }, later }: LivedMonth, months: number, wallMs: number): string =>
  `${notifications.sns} SNS and ${notifications.slack} Slack messages${later ? ` in the first ${days} days` : ""}. ${days * months} days took ${(wallMs / 1000).toFixed(1)} s.`;

function toMonths(text: string): number {
  const months = Number(text);
  if (!Number.isInteger(months) || months < 1 || months > 12) throw new InvalidArgumentError("a number from 1 to 12");
  return months;
}
