import { Command } from "commander";
import * as z from "zod";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { wordsOf } from "../../core/notice/notice.ts";
import { buildArn } from "../../events/ids.ts";
import { askFunction, whoAsks } from "../command/ask-function.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { requireBuild } from "../command/require-build.ts";
import { toReason } from "../command/wait-options.ts";

interface Options {
  readonly reason: string;
  readonly descendants?: boolean;
  readonly json?: true;
}

const revoked = z.object({
  image: z.string(),
  build: buildArn,
  channels: z.array(z.object({ channel: z.string(), to: buildArn.optional() })),
  withdrawn: z.array(z.object({ region: z.string(), amiId: z.string() })),
  sharedWith: z.array(z.string()),
  left: z.array(z.string()),
});
type Revoked = z.output<typeof revoked>;

/** `amint revoke <build>`: revokes a build in every channel and account. */
export const revokeCommand = (): Command =>
  new Command("revoke")
    .description(
      "revoke a build: channels move off it, and consumers can no longer launch it (`amint restore` undoes it)",
    )
    .argument("<build...>", '"<image> <x.y.z/n>", "<x.y.z/n>" if only one image has it, or a build\'s ARN')
    .requiredOption("--reason <text>", "why; part of the notice, and kept with the build", toReason)
    .option("--descendants", "also revoke builds that descend from it")
    .action(revoke);

async function revoke(what: readonly string[], { reason, descendants = false, json }: Options): Promise<void> {
  const factory = await loadFactory();
  const blueprint = await readBlueprint();
  const states = await readImageStates(openLedger(blueprint), Object.keys(factory.images), ["builds"]);
  const { build } = requireBuild(what, states);
  const by = await whoAsks(blueprint);
  const answer = z.object({ revoked: z.array(revoked), spared: z.array(buildArn) });
  const done = await askFunction(blueprint, "revoke-build", { build, by, reason, descendants }, answer);
  const lines = done.revoked.flatMap(say);
  if (done.spared.length > 0) {
    lines.push(`descendants not revoked: ${done.spared.map(nameOf).join(", ")} (use --descendants to revoke them)`);
  }
  if (json) printJson(done);
  else printFound(lines, (printed) => printed);
  if (done.revoked.some(({ left }) => left.length > 0)) process.exitCode = 1;
}

const nameOf = (build: string): string =>
  build
    .split("/")
    .slice(1)
    .join(" ")
    .replace(/ (\d+)$/, "/$1");

function say({ image, build, channels, withdrawn, sharedWith, left }: Revoked): string[] {
  const words = wordsOf(withdrawn.map(({ amiId }) => amiId));
  return [
    `${image} ${buildVersion(build)} is revoked; its ${words.plural} are ${words.withdrawn} in ${withdrawn.length} regions`,
    ...channels.map(({ channel, to }) => `  ${channel} points at ${to ? buildVersion(to) : "nothing: no good build"}`),
    `  ${sharedWith.length > 0 ? `it was shared with ${sharedWith.join(", ")}` : "it was not shared"}`,
    `  ${words.goesOn}`,
    ...left.map((what) => `  NOT DONE, run the command again: ${what}`),
  ];
}
