import { randomUUID } from "node:crypto";
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
  image: z.string(),
  build: buildArn,
  shared: z.array(z.object({ region: z.string(), amiId: z.string() })),
  sharedWith: z.array(z.string()),
});

/** `amint restore <build>`: restores a build that was revoked or retired. Channels do not move. */
export const restoreCommand = (): Command =>
  new Command("restore")
    .description(
      "restore a revoked or retired build, shared as before; channels do not move (`amint rollback --to` moves one)",
    )
    .argument("<build...>", '"<image> <x.y.z/n>", "<x.y.z/n>" if only one image has it, or a build\'s ARN')
    .requiredOption("--reason <text>", "why; part of the notice", toReason)
    .action(restore);

interface Options {
  readonly reason: string;
  readonly json?: true;
}

async function restore(what: readonly string[], { reason, json }: Options): Promise<void> {
  const factory = await loadFactory();
  const blueprint = await readBlueprint();
  const states = await readImageStates(openLedger(blueprint), Object.keys(factory.images), ["builds"]);
  const { build } = requireBuild(what, states);
  const by = await whoAsks(blueprint);
  const asked = { build, by, reason, request: randomUUID() };
  const done = await askFunction(blueprint, "restore-build", asked, answer);
  if (json) return printJson(done);
  const { image, shared, sharedWith } = done;
  const whom = sharedWith.length > 0 ? `, shared with ${sharedWith.join(", ")}` : "";
  say`${image} ${buildVersion(build)} is restored in ${shared.length} regions${whom}; its channels did not move`;
}
