import { Command } from "commander";
import { migrateCommand } from "./migrate.ts";

/** `amint ledger`: commands for the ledger's table as a whole. */
export const ledgerCommand = (): Command =>
  new Command("ledger").description("migrate the ledger's table to another layout").addCommand(migrateCommand());
