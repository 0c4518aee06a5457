import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { Command } from "commander";
import type { Blueprint } from "embedded-aws/deploy";
import { askDoor } from "../../local/running/admin-interface.ts";
import { findProject, programOf } from "../../stacks/blueprint/project.ts";
import { readBlueprint } from "../command/blueprint.ts";
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
  if ((await readApp()).protect) throw new StageIsProtected();
  const blueprint = await readBlueprint();
  await removeAll(endpointOf(options), { ...blueprint, resources: [] });
  const retained = blueprint.resources.filter(({ options }) => options?.retainOnDelete);
  const { account } = blueprint;
  if (json) return printJson({ account, retained: retained.map(({ name, type }) => ({ name, type })) });
  say`The factory is removed from account ${account}. Retained:`;
  for (const { type, name } of retained) say`  ${name}  ${type}`;
}

/** How long removal is retried, in real time. With a virtual clock, removal takes a second. */
const PATIENCE_MS = 60_000;
const POLL_MS = 250;

/** StackSets rejects the deletion while stacks in accounts are being deleted: the call is retried, as by the provider. */
async function removeAll(endpoint: URL, blueprint: Blueprint): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(POLL_MS)) {
    try {
      await askDoor(endpoint, "deploy", { body: { blueprint, root: programOf() }, deploys: true });
      return;
    } catch (error) {
      const isBusy = error instanceof Error && /OperationInProgressException|StackSetNotEmpty/.test(error.message);
      if (!isBusy || Date.now() > until) throw error;
    }
  }
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
