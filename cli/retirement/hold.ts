import { Command, InvalidArgumentError } from "commander";
import * as z from "zod";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { findRetirement, recordHold, removeHold } from "../../adapters/retirement/retirements.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import type { Stage } from "../../core/retirement/facts.ts";
import { whoAsks } from "../command/ask-function.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printJson, say } from "../command/print.ts";
import { requireBuild } from "../command/require-build.ts";
import { toReason } from "../command/wait-options.ts";

interface Options {
  readonly until?: string;
  readonly reason?: string;
  readonly release?: true;
  readonly json?: true;
}

/** `amint hold <build>`: writes the deployed factory's ledger, in the account of the current credentials. */
export const holdCommand = (): Command =>
  new Command("hold")
    .description("keep a build from being retired until a date; operator and reason are recorded")
    .argument("<build...>", '"<image> <x.y.z/n>", "<x.y.z/n>" if only one image has it, or a build\'s ARN')
    .option("--until <date>", "the last day on which it is kept, in UTC, such as 2026-12-31", toDay)
    .option("--reason <text>", "why it is kept", toReason)
    .option("--release", "release the hold")
    .action(hold);

async function hold(what: readonly string[], { until, reason, release, json }: Options): Promise<void> {
  const factory = await loadFactory();
  const blueprint = await readBlueprint();
  const ledger = openLedger(blueprint);
  const { image, build } = requireBuild(what, await readImageStates(ledger, Object.keys(factory.images), ["builds"]));
  const name = `${image} ${buildVersion(build)}`;
  if (release) {
    if (!(await removeHold(ledger, build))) throw new NotHeld(name);
    if (json) return printJson({ image, build, held: false });
    say`The hold on ${name} is released`;
    return;
  }
  if (!until || !reason) {
    const lacking = [...(until ? [] : ["--until"]), ...(reason ? [] : ["--reason"])].join(" and ");
    const what = `A hold needs ${lacking}: the last day on which the build is kept, and why; or --release.`;
    throw new InvalidArgumentError(what);
  }
  const now = (await factoryNow()).toISOString();
  if (until < now.slice(0, 10)) throw new EndedHold(until, now.slice(0, 10));
  await recordHold(ledger, { image, build, until, by: await whoAsks(blueprint), reason, at: now });
  const { retirement } = await findRetirement(ledger, build);
  if (json) return printJson({ image, build, held: true, until, reason, stage: retirement?.stage });
  const begun = retirement ? begunWith[retirement.stage] : "";
  say`${name} is held until ${until}${begun && `; ${begun}`}`;
}

/** How a hold affects a build that is already being retired. */
const begunWith: Readonly<Record<Stage, string>> = {
  deprecated: "",
  condemned: "the next daily run cancels its retirement",
  withdrawn: "the next daily run shares it again",
  disabled: "it is already disabled; `amint restore` restores it",
  deregistered: "its AMIs are already being deregistered, which cannot be undone",
};

function toDay(text: string): string {
  if (z.iso.date().safeParse(text).success) return text;
  throw new InvalidArgumentError('Use a date such as "2026-12-31".');
}

class EndedHold extends Error {
  override readonly name = "EndedHold";

  constructor(until: string, today: string) {
    super(`A hold until ${until} would have no effect: today is ${today} (UTC). --release ends a hold.`);
  }
}

class NotHeld extends Error {
  override readonly name = "NotHeld";

  constructor(build: string) {
    super(`${build} is not held. \`amint retire --plan\` shows why builds are kept.`);
  }
}
