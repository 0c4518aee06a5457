import { Command } from "commander";
import { checkBlueprint } from "../../stacks/blueprint/check-blueprint.ts";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { blueprintOf, findProject } from "../../stacks/blueprint/project.ts";
import { writeBlueprint } from "../../stacks/blueprint/write-blueprint.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printJson, say } from "../command/print.ts";

interface Options {
  readonly config?: string;
  readonly check?: true;
  readonly json?: true;
}

/** `amint blueprint`: writes what `sst deploy` would create as data, without an account. */
export const blueprintCommand = (): Command =>
  new Command("blueprint")
    .description("write blueprint.json: every resource that the factory deploys, evaluated without an account")
    .option("--check", "write nothing; exit code 1 if blueprint.json is out of date")
    .action(async ({ config, check, json }: Options) => {
      const project = findProject(config);
      // Reports mistakes in the config before SST's platform is downloaded.
      await loadFactory(project.config);
      const said = (check ? checkBlueprint : writeBlueprint)(await evaluateProgram(project), project);
      if (json) printJson({ file: blueprintOf(project), written: check !== true });
      else say`${said}`;
    });
