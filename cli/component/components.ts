import { Command } from "commander";
import { documentSchema } from "component-runner/documents";
import { printJson } from "../command/print.ts";
import { checkCommand } from "./check.ts";
import { testCommand } from "./test.ts";

/** `amint components`: works with component documents, without a build. */
export const componentsCommand = (): Command =>
  new Command("components")
    .description("component documents: check them, run them for real, or print their JSON schema")
    .addCommand(checkCommand())
    .addCommand(testCommand())
    .addCommand(schemaCommand());

const schemaCommand = (): Command =>
  new Command("schema")
    .description("print the JSON schema of component documents, for editors of YAML")
    .action(() => printJson(documentSchema(), 2));
