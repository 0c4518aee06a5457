import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { Command, InvalidArgumentError } from "commander";
import * as z from "zod";
import { recordWaiver, removeWaiver } from "../../adapters/gate/waivers.ts";
import { waiverSchema } from "../../core/factory/gate-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, patient, readBlueprint } from "../command/open-ledger.ts";
import { printJson, say } from "../command/print.ts";
import { toReason } from "../command/wait-options.ts";

interface Options {
  readonly image: string;
  readonly owner?: string;
  readonly reason?: string;
  readonly until?: string;
  readonly withdraw?: true;
  readonly json?: true;
}

/** `amint waive <finding>`: writes the deployed factory's ledger, in the account of the current credentials. */
export const waiveCommand = (): Command =>
  new Command("waive")
    .description("let images pass their gate with a finding until a date; owner and reason are recorded")
    .argument("<finding>", "id of a CVE, an advisory, or a benchmark rule")
    .requiredOption("--image <name>", 'an image of factory.config.ts, or "*" for all of them')
    .option("--owner <name>", "who is responsible for it")
    .option("--reason <text>", "why the finding is acceptable", toReason)
    .option("--until <date>", "the last day of the waiver, in UTC, such as 2026-04-30", toDay)
    .option("--withdraw", "end a waiver that this command recorded; waivers in the config stay")
    .action(waive);

async function waive(finding: string, { image, owner, reason, until, withdraw, json }: Options): Promise<void> {
  const factory = await loadFactory();
  if (image !== "*") requireImage(factory, image);
  const blueprint = await readBlueprint();
  const ledger = openLedger(blueprint);
  const on = image === "*" ? "all images" : image;
  if (withdraw) {
    if (!(await removeWaiver(ledger, { finding, image }))) throw new NoSuchWaiver(finding, image);
    if (json) return printJson({ finding, image, waived: false });
    say`${finding} is no longer waived on ${on}`;
    return;
  }
  const waiver = waiverSchema.safeParse({ finding, image, owner, reason, until });
  if (!waiver.success) throw new InvalidArgumentError(sayLacking(waiver.error));
  const at = (await factoryNow()).toISOString();
  const today = at.slice(0, 10);
  if (waiver.data.until < today) throw new EndedWaiver(waiver.data.until, today);
  const { Arn } = await new STSClient(patient(blueprint.buildRegion)).send(new GetCallerIdentityCommand({}));
  await recordWaiver(ledger, waiver.data, { by: Arn ?? "unknown", at });
  if (json) return printJson({ ...waiver.data, waived: true });
  say`${finding} is waived on ${on} until ${waiver.data.until}; this applies from the next gate run`;
}

function toDay(text: string): string {
  if (z.iso.date().safeParse(text).success) return text;
  throw new InvalidArgumentError('Use a date such as "2026-04-30".');
}

function sayLacking({ issues }: z.ZodError): string {
  const lacking = issues.map(({ path }) => (path[0] === "finding" ? "<finding>" : `--${String(path[0])}`));
  return `A waiver needs ${[...new Set(lacking)].join(", ")}: who is responsible, why, and the last day of the waiver.`;
}

class EndedWaiver extends Error {
  override readonly name = "EndedWaiver";

  constructor(until: string, today: string) {
    super(`A waiver until ${until} would have no effect: today is ${today} (UTC). --withdraw ends a waiver.`);
  }
}

class NoSuchWaiver extends Error {
  override readonly name = "NoSuchWaiver";

  constructor(finding: string, image: string) {
    super(`No command waived ${finding} on ${image}; remove a waiver of factory.config.ts there.`);
  }
}
