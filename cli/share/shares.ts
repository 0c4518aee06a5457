import { Command, InvalidArgumentError } from "commander";
import { requireChannel } from "../../core/factory/require-image.ts";
import { toAccount } from "../command/accounts.ts";
import { takeRegion } from "../command/global-options.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { drawShares } from "./draw-shares.ts";
import { readShares } from "./read-shares.ts";
import { toCsv } from "./to-csv.ts";

interface Options {
  readonly channel?: string;
  readonly account?: string;
  readonly accounts?: true;
  readonly live?: true;
  readonly region?: string;
  readonly json?: true;
  readonly csv?: true;
}

/** `amint shares <image>`: the accounts that can launch the builds in an image's channels. */
export const sharesCommand = (): Command =>
  takeRegion(new Command("shares"))
    .description(
      "show which accounts can launch the builds in an image's channels, since when, and how that was verified",
    )
    .argument("<image>", "an image of factory.config.ts")
    .option("--channel <channel>", "only this channel")
    .option("--account <id>", "only this account", toAccount)
    .option("--accounts", "a line for each account instead of each OU")
    .option("--live", "also read permissions from EC2, and show differences from the ledger")
    .option("--csv", "print CSV (RFC 4180)")
    .action(shares);

async function shares(image: string, { channel, account, accounts, live, region, json, csv }: Options): Promise<void> {
  const factory = await loadFactory();
  if (channel !== undefined) requireChannel(factory, image, channel);
  if (json && csv) throw new InvalidArgumentError("Use either --json or --csv, not both.");
  const blueprint = await readBlueprint();
  const found = await readShares(openLedger(blueprint), {
    factory,
    owner: blueprint.account,
    image,
    ...(channel !== undefined && { channel }),
    live: live === true,
  });
  const channels = found.channels.map((one) => ({
    ...one,
    rows: one.rows.filter((row) => (account ?? row.account) === row.account && (region ?? row.region) === row.region),
  }));
  const rows = channels.flatMap((one) => one.rows);
  if (json) printJson({ ...found, channels });
  else if (csv) printFound(rows, (printed) => toCsv(image, printed));
  else
    printFound({ ...found, channels }, (shares) =>
      drawShares(shares, { accounts: accounts === true || account !== undefined, region }),
    );
}
