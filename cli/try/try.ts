import { relative } from "node:path";
import { Command, InvalidArgumentError, Option } from "commander";
import type { Program } from "../../local/boot/boot-factory.ts";
import { checks } from "../../local/checks/check-all.ts";
import { excuses } from "../../local/checks/published.ts";
import { outcomesOf } from "../../local/checks/story-outcomes.ts";
import { organizationFromFile } from "../../local/organization/organization-file.ts";
import { BEGIN, runTry } from "../../local/story/run-try.ts";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject, programOf } from "../../stacks/blueprint/project.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printFound, printJson, showProgress } from "../command/print.ts";
import { toCount } from "../command/print-log.ts";
import { drawNext } from "./closing.ts";
import { drawTry, drawTryTables, nextAfterTry, type Summary } from "./draw-try.ts";
import { exportLines, type KeepOptions, keepUp, withKeepOptions } from "./keep-up.ts";
import { jsonLines, Narrator } from "./narrator.ts";

export interface TryCommandOptions extends KeepOptions {
  readonly config?: string;
  readonly seed: number;
  readonly days: number;
  readonly only?: string;
  readonly organization?: string;
  readonly json?: true;
  readonly verbose?: boolean;
}

/** The options of `amint try` that `amint month` has, too. */
export const withTryOptions = (command: Command): Command =>
  command
    .option("--seed <number>", "all random choices follow from it", toCount, 1)
    .option("--days <number>", "how many, in factory time", toDays, 30)
    .option("--only <image>", "the story of one image and its parents")
    .option(
      "--organization <organization.yaml>",
      "the organization (default: one with everything that the config names)",
    )
    .addOption(new Option("--verbose", "every event on a line, and all tables in full width").conflicts("json"));

/** `amint try`: a month of any config on the embedded AWS. */
export const tryCommand = (): Command =>
  withKeepOptions(withTryOptions(new Command("try")))
    .description("run a month of a factory on the embedded AWS, and check what every account can launch")
    .action((options: TryCommandOptions) => tryFactory(options));

/**
 * @param asLines with `json`: prints every event on a line when it happens, and the summary as the last line
 * @throws TryFailed with a line for each fault; UnknownImage; errors of the config or the organization
 */
export async function tryFactory(options: TryCommandOptions, asLines = false): Promise<void> {
  const { seed, days, only, json, keep, port, verbose = false } = options;
  const started = performance.now();
  if (!json) showProgress("Evaluating the config ...");
  const program = await loadProgram(options.config).finally(() => showProgress());
  const { factory } = program;
  if (only !== undefined && !factory.images[only]) throw new UnknownImage(only, Object.keys(factory.images));
  const { account } = program.blueprint;
  const organization = options.organization
    ? await organizationFromFile(options.organization, factory, account)
    : undefined;
  const { report, running } = await runTry({
    ...program,
    ...{ seed, days, only, organization },
    ...(keep && { port }),
    narration: json ? (asLines ? jsonLines : {}) : new Narrator({ factory, begin: BEGIN, days, seed, verbose }),
  });
  try {
    const faults = Object.entries(checks).map(([check, find]) => ({ check, faults: find(report) }));
    const summary: Summary = {
      factory: factory.name,
      days,
      seed,
      outcomes: outcomesOf(report),
      impossible: [...report.story.impossible, ...excuses(report)],
      channels: report.channels,
      checks: faults,
      notifications: { sns: report.heard.length, slack: report.posted.length },
      wallMs: Math.round(performance.now() - started),
    };
    const found = { summary, events: report.events, end: report.story.end };
    if (json && asLines) printJson({ type: "summary", ...summary });
    else if (json) printJson(summary, 2);
    else printFound(found, verbose ? drawTryTables : drawTry);
    const all = faults.flatMap((one) => one.faults);
    if (all.length > 0) throw new TryFailed(all);
    if (keep) {
      if (!json) printFound(running.booted.url, (url) => kept(url, findProject(options.config).root, program));
      await keepUp(running);
    } else if (!json) printFound(nextAfterTry(seed, options.config), drawNext);
  } finally {
    await running.close();
  }
}

/** How to look around in an embedded AWS that stays up. @param root the project's folder */
function kept(url: string, root: string, { factory, blueprint }: Program): string[] {
  const folder = relative(process.cwd(), root);
  return [
    "",
    `The embedded AWS listens on ${url} until Ctrl-C. In another shell:`,
    "",
    ...(folder === "" ? [] : [`cd ${folder}`]),
    exportLines(url, blueprint.account, blueprint.buildRegion),
    "npx amint blueprint   # once: the commands read it",
    "npx amint status",
    `npx amint channels ${Object.keys(factory.images)[0]}`,
    "npx amint fleet",
  ];
}

function toDays(text: string): number {
  const days = Number(text);
  if (Number.isInteger(days) && days >= 1 && days <= 366) return days;
  throw new InvalidArgumentError("a number from 1 to 366.");
}

class UnknownImage extends Error {
  override readonly name = "UnknownImage";

  constructor(image: string, known: readonly string[]) {
    super(`The factory has no image "${image}"; it has ${known.join(", ")}.`);
  }
}

/** A check of the try does not hold. */
class TryFailed extends Error {
  override readonly name = "TryFailed";

  constructor(faults: readonly string[]) {
    super(`the try failed:\n${faults.map((fault) => `  - ${fault}`).join("\n")}`);
  }
}

/**
 * The program of a config, evaluated as it is now: `blueprint.json` may be older.
 * @param config its path (default: the project's)
 * @throws ConfigNotLoaded, FactoryConfigError, NoProject
 */
export async function loadProgram(config?: string): Promise<Program> {
  const factory = await loadFactory(config);
  const project = findProject(config);
  return { factory, blueprint: JSON.parse(await evaluateProgram(project)), program: programOf(project) };
}
