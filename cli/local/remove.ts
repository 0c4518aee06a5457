import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { removeFrom } from "../../local/running/deploy.ts";
import { findProject, programOf } from "../../stacks/blueprint/project.ts";
import { readBlueprint } from "../command/open-ledger.ts";
import { printJson, say } from "../command/print.ts";
import { endpointOf, type PortOption, withPort } from "./endpoint-option.ts";

interface Options extends PortOption {
  readonly json?: true;
}

/** `amint local remove`: `npx sst remove` for a running embedded AWS. */
export const removeCommand = (): Command =>
  withPort(new Command("remove"))
    .description("remove the deployed factory from a running embedded AWS, except resources that it retains")
    .action(remove);

async function remove({ json, ...options }: Options): Promise<void> {
  const blueprint = await readBlueprint();
  if ((await readApp()).protect) throw new StageIsProtected();
  await removeFrom(endpointOf(options), blueprint, programOf());
  const retained = blueprint.resources.filter(({ options }) => options?.retainOnDelete);
  const { account } = blueprint;
  if (json) return printJson({ account, retained: retained.map(({ name, type }) => ({ name, type })) });
  say`The factory is removed from account ${account}. Retained:`;
  for (const { type, name } of retained) say`  ${name}  ${type}`;
}

/** The part of SST's app config that removal needs. */
interface App {
  readonly protect?: boolean;
}

/** The app in `sst.config.ts`, which calls `$config`, a global of SST. */
async function readApp(): Promise<App> {
  Object.assign(globalThis, { $config: (config: unknown) => config });
  const { default: config } = (await import(pathToFileURL(join(findProject().root, "sst.config.ts")).href)) as {
    default: { app(input: { stage: string }): Promise<App> };
  };
  return config.app({ stage: "production" });
}

/** SST's message. */
class StageIsProtected extends Error {
  override readonly name = "StageIsProtected";

  constructor() {
    super(
      "Cannot remove protected stage. To remove a protected stage edit your sst.config.ts and remove the `protect` property.",
    );
  }
}
