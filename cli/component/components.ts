import { Command } from "commander";
import { documentSchema } from "embedded-aws/documents";
import { printJson } from "../command/print.ts";
import { checkCommand } from "./check.ts";

/** `amint components`: component documents, without a build. */
export const componentsCommand = (): Command =>
  new Command("components")
    .description("component documents: check them, or print their JSON schema")
    .addCommand(checkCommand())
    .addCommand(schemaCommand());

const schemaCommand = (): Command =>
  new Command("schema")
    .description("print the JSON schema of component documents, for editors of YAML")
    .action(() => printJson(documentSchema(), 2));
