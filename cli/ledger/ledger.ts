import { Command } from "commander";
import { migrateCommand } from "./migrate.ts";

/** `amint ledger`: what is done with the ledger's table as a whole. */
export const ledgerCommand = (): Command =>
  new Command("ledger")
    .description("the factory's table: carry its records over to a new layout")
    .addCommand(migrateCommand());
