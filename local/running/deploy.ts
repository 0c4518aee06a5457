import { setTimeout as sleep } from "node:timers/promises";
import type { Blueprint, Progress } from "embedded-aws/deploy";
import { exploitListNames } from "../../core/advisories/exploits.ts";
import { osNames } from "../../core/component/operating-system.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { pipelineName } from "../../core/names.ts";
import { ORGANIZATIONS_REGION } from "../../core/organization/management-side.ts";
import type { Program } from "../boot/boot-factory.ts";
import { clientOptions } from "../boot/client-options.ts";
import { setUpManagementAccount } from "../boot/set-up-management-account.ts";
import { basePackages } from "../instances/base-packages.ts";
import { toInstalled } from "../instances/installed-packages.ts";
import { askAdmin } from "./admin-interface.ts";

export type Secrets = Readonly<Record<string, string>>;

export interface Deployment {
  readonly account: string;
  /** How many are deployed. */
  readonly resources: number;
  readonly steps: readonly Progress[];
  /** The secrets that got a stand-in value. */
  readonly standIns: readonly string[];
}

/** Deploys a factory to a running embedded AWS, or updates what is deployed there; its instances are simulated. */
export async function deployTo(endpoint: URL, given: Program, secret: Secrets): Promise<Deployment> {
  const { factory, blueprint, program: root } = given;
  const names = [
    ...new Set([...JSON.stringify(blueprint).matchAll(/\$\{secret\.(\w+)\}/g)].map(([, name]) => name ?? "")),
  ];
  const secrets = { ...Object.fromEntries(names.map((name) => [name, standIns[name] ?? "stand-in"])), ...secret };
  await setUpOrganization(endpoint, given);
  const deployed = await askAdmin<Omit<Deployment, "standIns">>(endpoint, "deploy", {
    body: { blueprint, root, secrets },
    deploys: true,
  });
  await planInstances(endpoint, { account: deployed.account, region: blueprint.buildRegion, factory });
  return { ...deployed, standIns: names.filter((name) => secret[name] === undefined) };
}

const POLL_MS = 250;

/** The management account's setup, which the consumer role's deployment needs. */
async function setUpOrganization(endpoint: URL, { factory, blueprint }: Program): Promise<void> {
  // Fails with the address if nothing listens there.
  await askAdmin(endpoint, "clock");
  const { account, partition } = blueprint;
  const { managementAccountId } = factory.organization;
  const options = clientOptions(endpoint.origin, managementAccountId, ORGANIZATIONS_REGION);
  await setUpManagementAccount({ factory, account, partition }, options, () => sleep(POLL_MS));
}

/** An address where nothing listens: without --secret FeedMirrors, simulated packages are not compared with real advisories. */
const nowhere = "http://127.0.0.1:9/";

/** Stand-ins for secrets that the program parses. */
const standIns: Secrets = {
  FeedMirrors: JSON.stringify(
    Object.fromEntries([
      ...osNames.map((os) => [os, { url: nowhere, severities: nowhere, notices: nowhere, standIn: true }]),
      ...exploitListNames.map((name) => [name, { url: nowhere, standIn: true }]),
    ]),
  ),
};

/** Instances have example packages and upload their manifest, which the gate needs. */
async function planInstances(
  endpoint: URL,
  { account, region, factory }: { readonly account: string; readonly region: string; readonly factory: Factory },
): Promise<void> {
  const instances = Object.entries(factory.images).map(([image, { os, architecture }]) => {
    const packages = basePackages(os, architecture).map(toInstalled);
    return {
      image: pipelineName(factory.name, image),
      steps: { ReadInstanceId: { stdout: "{instanceId}" } },
      files: { "packages.json": JSON.stringify({ packages }) },
      packages: packages.map(({ name, version }) => ({ name, version })),
    };
  });
  await askAdmin(endpoint, "instances", { body: { account, region, instances } });
}

/** How long removal is retried, in real time. With a virtual clock, removal takes a second. */
const PATIENCE_MS = 60_000;

/** Removes a factory. StackSets rejects it while stacks in accounts are being deleted: it is retried, as by the provider. */
export async function removeFrom(endpoint: URL, deployed: Blueprint, root: string): Promise<void> {
  const blueprint = { ...deployed, resources: [] };
  for (const until = Date.now() + PATIENCE_MS; ; await sleep(POLL_MS)) {
    try {
      await askAdmin(endpoint, "deploy", { body: { blueprint, root }, deploys: true });
      return;
    } catch (error) {
      const isBusy = error instanceof Error && /OperationInProgressException|StackSetNotEmpty/.test(error.message);
      if (!isBusy || Date.now() > until) throw error;
    }
  }
}
