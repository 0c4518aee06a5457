import { Command } from "commander";
import * as z from "zod";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { buildArn } from "../../events/ids.ts";
import { askFunction, whoAsks } from "../command/ask-function.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printJson, say } from "../command/print.ts";
import { requireBuild } from "../command/require-build.ts";
import { toReason } from "../command/wait-options.ts";

const answer = z.object({
  build: buildArn,
  attempt: z.int(),
  /** When this attempt was requested before. */
  since: z.iso.datetime().optional(),
});

/** `amint promote <build>`: retries a failed promotion after its cause is fixed. */
export const promoteCommand = (): Command =>
  new Command("promote")
    .description("run a build's failed promotion again: gate, copies, then channels in order")
    .argument("<build...>", '"<image> <x.y.z/n>", "<x.y.z/n>" if only one image has it, or a build\'s ARN')
    .option("--reason <text>", "why; kept with the promotion", toReason, "no reason given")
    .action(promote);

interface Options {
  readonly reason: string;
  readonly json?: true;
}

async function promote(what: readonly string[], { reason, json }: Options): Promise<void> {
  const factory = await loadFactory();
  const blueprint = await readBlueprint();
  const states = await readImageStates(openLedger(blueprint), Object.keys(factory.images), ["builds"]);
  const { image, build } = requireBuild(what, states);
  const by = await whoAsks(blueprint);
  const { attempt, since } = await askFunction(blueprint, "promote-build", { image, build, by, reason }, answer);
  if (json) return printJson({ image, build, attempt, since });
  const version = buildVersion(build);
  const goesOn = since ? `has been promoted again since ${since}` : "is being promoted again";
  say`${image} ${version} ${goesOn} (attempt ${attempt}); \`amint why "${image} ${version}"\` shows its progress`;
}
