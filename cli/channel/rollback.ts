import { randomUUID } from "node:crypto";
import { Command } from "commander";
import * as z from "zod";
import { findChannel } from "../../adapters/channel/channels.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { requireChannel } from "../../core/factory/require-image.ts";
import { buildArn } from "../../events/ids.ts";
import { askFunction, whoAsks } from "../command/ask-function.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { toReason } from "../command/wait-options.ts";

interface Options {
  readonly to?: string;
  readonly reason: string;
  readonly json?: true;
}

const answer = z.object({
  moved: z.boolean(),
  build: buildArn,
  previous: buildArn.optional(),
  corrected: z.array(z.string()),
  regions: z.record(z.string(), z.string()),
});

/** `amint rollback <image> <channel>`: moves a channel of the deployed factory back, in every region. */
export const rollbackCommand = (): Command =>
  new Command("rollback")
    .description("move a channel back in all regions: to the last usable earlier build, or to the one that --to names")
    .argument("<image>", "an image of factory.config.ts")
    .argument("<channel>", "one of its channels")
    .option("--to <build>", "a build that the channel pointed at before: its version such as 1.0.0/3, or its ARN")
    .option(
      "--reason <text>",
      "why; part of the notice, and kept in the channel's history",
      toReason,
      "no reason given",
    )
    .action(rollback);

async function rollback(image: string, channel: string, { to, reason, json }: Options): Promise<void> {
  requireChannel(await loadFactory(), image, channel);
  const blueprint = await readBlueprint();
  const ledger = openLedger(blueprint);
  const from = (await findChannel(ledger, image, channel))?.build;
  const wanted = to?.startsWith(`${image} `) ? to.slice(image.length + 1) : to;
  const by = await whoAsks(blueprint);
  const done = await askFunction(
    blueprint,
    "roll-back",
    { image, channel, by, reason, request: randomUUID(), ...(wanted && { to: wanted }), ...(from && { from }) },
    answer,
  );
  if (json) return printJson({ image, channel, ...done });
  const regions = Object.keys(done.regions);
  const was = done.previous ? ` (was ${buildVersion(done.previous)})` : "";
  const where = `${regions.length} region${regions.length === 1 ? "" : "s"}`;
  const lines = [
    done.moved
      ? `${image} ${channel} points at ${buildVersion(done.build)}${was} in ${where}`
      : `${image} ${channel} already points at ${buildVersion(done.build)} in ${where}`,
  ];
  if (done.corrected.length > 0) {
    lines.push(`its parameter had another value in ${done.corrected.join(", ")} (edited by hand?); it is corrected`);
  }
  printFound(lines, (printed) => printed);
}
