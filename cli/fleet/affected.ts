import { EC2Client } from "@aws-sdk/client-ec2";
import { Command } from "commander";
import { readAffected, readCounted } from "../../adapters/fleet/read-affected.ts";
import { readFleet } from "../../adapters/fleet/read-fleet.ts";
import { findOrganization } from "../../adapters/organization/organization.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { type Affected, joinUses, judgeAll } from "../../core/fleet/affected.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openEvidence } from "../command/open-evidence.ts";
import { openLedger, patient, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { drawAffected } from "./draw-affected.ts";

interface Options {
  readonly image?: string;
  readonly json?: true;
}

/** 1 means that the command failed. */
const EXIT_CODES: Readonly<Record<Affected["outcome"], number>> = { "not-affected": 0, affected: 2, unknown: 3 };

/** `amint affected <what>`: reads the ledger, the evidence bucket and EC2's usage reports. */
export const affectedCommand = (): Command =>
  new Command("affected")
    .description(
      "show which builds have a CVE, an advisory or a package, which channels have the fix, and which accounts run it",
    )
    .argument("<what>", 'a CVE, an advisory\'s id, "<package>", or "<package>@<version>": that version or an older one')
    .option("--image <image>", "only this image's builds")
    .addHelpText(
      "after",
      `
Exit codes: 0 not affected, 2 a channel points at an affected build or an account runs one, 3 neither is known, but
information is missing: a manifest, a scan, or the usage of an affected build. 1: the command failed.`,
    )
    .action(affected);

async function affected(text: string, { image, json }: Options): Promise<void> {
  const factory = await loadFactory();
  if (image !== undefined) requireImage(factory, image);
  const blueprint = await readBlueprint();
  const ledger = openLedger(blueprint);
  const { target, facts } = await readAffected(ledger, openEvidence(blueprint), { factory, image, text });
  const verdicts = judgeAll(target, facts);
  const isAffected = facts.builds.some(({ build }) => verdicts.get(build)?.state === "affected");
  const { builds } = isAffected
    ? await readFleet(ledger, {
        factory,
        ...(image !== undefined && { image }),
        only: (build) => verdicts.get(build)?.state === "affected",
        now: await factoryNow(),
        ec2: (region) => new EC2Client(patient(region)),
      })
    : { builds: [] };
  const found = joinUses(target, facts, verdicts, builds, isAffected ? await readCounted(ledger, target, image) : []);
  process.exitCode = EXIT_CODES[found.outcome];
  if (json) return printJson(found);
  const accounts =
    found.running.length + found.counted.length > 0 ? ((await findOrganization(ledger))?.accounts ?? []) : [];
  const names = new Map(accounts.map(({ id, name }) => [id, name]));
  printFound({ found, names }, (all) => drawAffected(all.found, all.names));
}
