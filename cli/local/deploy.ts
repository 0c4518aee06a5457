import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import type { Action, Blueprint, Progress } from "embedded-aws/deploy";
import { exploitListNames } from "../../core/advisories/exploits.ts";
import { osNames } from "../../core/component/operating-system.ts";
import { pipelineName } from "../../core/names.ts";
import { ORGANIZATIONS_REGION } from "../../core/organization/management-side.ts";
import { clientOptions } from "../../local/boot/client-options.ts";
import { setUpEmbedded } from "../../local/boot/set-up-organization.ts";
import { basePackages } from "../../local/instances/base-packages.ts";
import { toInstalled } from "../../local/instances/installed-packages.ts";
import { askDoor } from "../../local/running/admin-interface.ts";
import { programOf } from "../../stacks/blueprint/project.ts";
import { readBlueprint } from "../command/blueprint.ts";
import { loadFactory } from "../command/load-factory.ts";
import { printJson, say } from "../command/print.ts";
import { endpointOf, type PortOption, withPort } from "./endpoint-option.ts";

type Secrets = Readonly<Record<string, string>>;

interface Options extends PortOption {
  readonly json?: true;
  readonly secret: Secrets;
}

/** `amint local deploy`: deploys `blueprint.json` to a running embedded AWS, or updates what is deployed there. */
export const deployCommand = (): Command =>
  withPort(new Command("deploy"))
    .description("deploy blueprint.json to a running embedded AWS, or update what is deployed there")
    .option("--secret <name=value>", 'value of a secret in the blueprint ("stand-in")', addSecret, {})
    .action((options: Options) => deploy(options));

async function deploy({ secret, json, ...options }: Options): Promise<void> {
  const endpoint = endpointOf(options);
  const blueprint = await readBlueprint();
  const names = [
    ...new Set([...JSON.stringify(blueprint).matchAll(/\$\{secret\.(\w+)\}/g)].map(([, name]) => name ?? "")),
  ];
  const secrets = { ...Object.fromEntries(names.map((name) => [name, standIns[name] ?? "stand-in"])), ...secret };
  await setUpOrganization(endpoint, blueprint);
  const { account, resources, steps } = await askDoor<Answer>(endpoint, "deploy", {
    body: { blueprint, root: programOf(), secrets },
    deploys: true,
  });
  await planInstances(endpoint, account, blueprint.buildRegion);
  const stoodIn = names.filter((name) => secret[name] === undefined);
  if (json) return printJson({ account, resources, steps, standIns: stoodIn });
  say`${resources} resources are deployed in account ${account}. Its instances are simulated.`;
  say`${summary(steps)}`;
  if (steps.some(({ action }) => action !== "create")) {
    for (const { action, type, name } of steps) say`  ${action.padEnd(7)} ${name}  ${type}`;
  }
  if (stoodIn.length > 0) say`Secrets with a stand-in value: ${stoodIn.join(", ")}.`;
}

interface Answer {
  readonly account: string;
  readonly resources: number;
  readonly steps: readonly Progress[];
}

const PAST: readonly (readonly [Action, string])[] = [
  ["create", "created"],
  ["update", "updated"],
  ["replace", "replaced"],
  ["delete", "deleted"],
  ["retain", "retained"],
];

/** `3 created, 1 replaced.` */
function summary(steps: readonly Progress[]): string {
  const counts = PAST.flatMap(([action, past]) => {
    const count = steps.filter((step) => step.action === action).length;
    return count > 0 ? [`${count} ${past}`] : [];
  });
  return counts.length > 0 ? `${counts.join(", ")}.` : "Nothing has changed.";
}

/** An address where nothing listens: without --secret FeedMirrors, simulated packages are not compared with real advisories. */
const nowhere = "http://127.0.0.1:9/";

/** How often the management account's stack is polled. */
const POLL_MS = 250;

/** The management account's setup, which the consumer role's deployment needs. */
async function setUpOrganization(endpoint: URL, { account, partition }: Blueprint): Promise<void> {
  const factory = await loadFactory();
  // Fails with the address if nothing listens there.
  await askDoor(endpoint, "clock");
  const { managementAccountId } = factory.organization;
  const options = clientOptions(endpoint.origin, managementAccountId, ORGANIZATIONS_REGION);
  await setUpEmbedded({ factory, account, partition }, options, () => sleep(POLL_MS));
}

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
async function planInstances(endpoint: URL, account: string, region: string): Promise<void> {
  const { name: factory, images } = await loadFactory();
  const instances = Object.entries(images).map(([image, { os, architecture }]) => {
    const packages = basePackages(os, architecture).map(toInstalled);
    return {
      image: pipelineName(factory, image),
      steps: { ReadInstanceId: { stdout: "{instanceId}" } },
      files: { "packages.json": JSON.stringify({ packages }) },
      packages: packages.map(({ name, version }) => ({ name, version })),
    };
  });
  await askDoor(endpoint, "instances", { body: { account, region, instances } });
}

function addSecret(text: string, known: Secrets): Secrets {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Expected name=value.");
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}
