import { Command, InvalidArgumentError } from "commander";
import { whyUrgent } from "../../adapters/advisories/urgent-advisories.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { listClocks, readCells } from "../../adapters/rollout/exposures.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { duration } from "../../core/factory/values.ts";
import { listPatched, openAccounts, toPatched } from "../../core/rollout/patched.ts";
import { factoryNow } from "../command/factory-clock.ts";
import { loadFactory } from "../command/load-factory.ts";
import { toMoment } from "../command/moments.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { drawPatched } from "./draw-patched.ts";

interface Options {
  readonly since?: Since;
  readonly image?: string;
  readonly accounts?: true;
  readonly json?: true;
}

/** A moment, or seconds before now. */
type Since = Date | number;

/** `amint patched`: how long advisories stayed open in running instances. */
export const patchedCommand = (): Command =>
  new Command("patched")
    .description("show how long it took from each advisory until running instances were patched")
    .option("--since <date|duration>", "only advisories that were open since 2026-04-01, or within 30d", toSince)
    .option("--image <image>", "only this image's advisories")
    .option("--accounts", "also list accounts with instances that are not patched yet")
    .action(patched);

async function patched({ since, image, accounts, json }: Options): Promise<void> {
  const factory = await loadFactory();
  if (image !== undefined) requireImage(factory, image);
  const ledger = openLedger(await readBlueprint());
  const now = await factoryNow();
  const from = typeof since === "number" ? new Date(now.getTime() - since * 1000) : since;
  const clocks = listPatched(await listClocks(ledger), { image, since: from });
  const urgency = await readBatch(ledger, clocks.map(whyUrgent));
  const found = await Promise.all(
    clocks.map(async (clock, nth) => ({
      clock,
      urgent: urgency[nth],
      ...(accounts && { accounts: clock.ended ? [] : openAccounts(await readCells(ledger, clock)) }),
    })),
  );
  if (json) {
    const more = ({ accounts: open, urgent }: (typeof found)[number]) => ({
      ...(urgent && { urgent }),
      ...(open && { open }),
    });
    printJson({ patched: found.map((one) => ({ ...toPatched(one.clock), ...more(one) })) });
  } else printFound({ found }, (all) => drawPatched(all.found));
}

function toSince(text: string): Since {
  const read = duration.safeParse(text);
  if (read.success) return read.data;
  try {
    return toMoment(text);
  } catch {
    throw new InvalidArgumentError('Use a date such as 2026-04-01, or a duration such as "30d".');
  }
}
