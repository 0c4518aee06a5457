import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import { portOption } from "embedded-aws/command";
import type { Blueprint } from "embedded-aws/deploy";
import { findProject } from "../../stacks/blueprint/project.ts";
import { programOf, readBlueprint } from "../command/blueprint.ts";
import { say } from "../command/print.ts";
import { askDoor } from "./ask-door.ts";

/** `amint local remove`: what `npx sst remove` does, on a running embedded AWS. */
export const removeCommand = (): Command =>
  new Command("remove")
    .description("remove what is deployed on a running embedded AWS, but for what the program retains")
    .addOption(portOption())
    .action(({ port }: { readonly port: number }) => remove(port));

async function remove(port: number): Promise<void> {
  if ((await readApp()).protect) throw new StageIsProtected();
  const blueprint = await readBlueprint();
  await removeAll(port, { ...blueprint, resources: [] });
  const retained = blueprint.resources.filter(({ options }) => options?.retainOnDelete);
  say`The factory is removed from account ${blueprint.account}. Retained:`;
  for (const { type, name } of retained) say`  ${name}  ${type}`;
}

/** How long the provider goes on trying, in real time: an embedded AWS with a virtual clock takes a second. */
const PATIENCE_MS = 60_000;
const POLL_MS = 250;

/** A stack set is busy as long as its stacks in accounts are being deleted; the provider tries again until it is not. */
async function removeAll(port: number, blueprint: Blueprint): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(POLL_MS)) {
    try {
      await askDoor(port, "deploy", { body: { blueprint, root: programOf() }, deploys: true });
      return;
    } catch (error) {
      const isBusy = error instanceof Error && /OperationInProgressException|StackSetNotEmpty/.test(error.message);
      if (!isBusy || Date.now() > until) throw error;
    }
  }
}

/** As far as a removal reads it. */
interface App {
  readonly protect?: boolean;
}

/** What `sst.config.ts` says of the app; SST gives it `$config`. */
async function readApp(): Promise<App> {
  Object.assign(globalThis, { $config: (config: unknown) => config });
  const { default: config } = (await import(pathToFileURL(join(findProject().root, "sst.config.ts")).href)) as {
    default: { app(input: { stage: string }): Promise<App> };
  };
  return config.app({ stage: "production" });
}

/** In SST's words. */
class StageIsProtected extends Error {
  override readonly name = "StageIsProtected";

  constructor() {
    super(
      "Cannot remove protected stage. To remove a protected stage edit your sst.config.ts and remove the `protect` property.",
    );
  }
}
