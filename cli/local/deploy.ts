import { setTimeout as sleep } from "node:timers/promises";
import { Command, InvalidArgumentError } from "commander";
import { portOption } from "embedded-aws/command";
import type { Action, Blueprint, Progress } from "embedded-aws/deploy";
import { exploitListNames } from "../../core/advisories/exploits.ts";
import { osNames } from "../../core/component/operating-system.ts";
import { pipelineName } from "../../core/names.ts";
import { ORGANIZATIONS_REGION } from "../../core/organization/management-side.ts";
import { programOf, readBlueprint } from "../command/blueprint.ts";
import { loadFactory } from "../command/load-factory.ts";
import { say } from "../command/print.ts";
import { setUpEmbedded } from "../organization/set-up-embedded.ts";
import { basePackages } from "../try/base-packages.ts";
import { toInstalled } from "../try/installed.ts";
import { askDoor } from "./ask-door.ts";
import { clientOptions } from "./client-options.ts";

type Secrets = Readonly<Record<string, string>>;

interface Options {
  readonly port: number;
  readonly secret: Secrets;
}

/** `amint local deploy`: deploys `blueprint.json` to a running embedded AWS, or updates what is deployed there. */
export const deployCommand = (): Command =>
  new Command("deploy")
    .description("put blueprint.json on a running embedded AWS, or bring what is deployed there up to it")
    .addOption(portOption())
    .option("--secret <name=value>", 'a secret of the blueprint; left out, its value is "stand-in"', addSecret, {})
    .action((options: Options) => deploy(options));

async function deploy({ port, secret }: Options): Promise<void> {
  const blueprint = await readBlueprint();
  const names = [
    ...new Set([...JSON.stringify(blueprint).matchAll(/\$\{secret\.(\w+)\}/g)].map(([, name]) => name ?? "")),
  ];
  const secrets = { ...Object.fromEntries(names.map((name) => [name, standIns[name] ?? "stand-in"])), ...secret };
  await setUpOrganization(port, blueprint);
  const { account, resources, steps } = await askDoor<Answer>(port, "deploy", {
    body: { blueprint, root: programOf(), secrets },
    deploys: true,
  });
  await planInstances(port, account, blueprint.buildRegion);
  const stoodIn = names.filter((name) => secret[name] === undefined);
  say`${resources} resources are deployed in account ${account}. Its instances are simulated.`;
  say`${summary(steps)}`;
  if (steps.some(({ action }) => action !== "create")) {
    for (const { action, type, name } of steps) say`  ${action.padEnd(7)} ${name}  ${type}`;
  }
  if (stoodIn.length > 0) say`Stand-ins took the place of secrets: ${stoodIn.join(", ")}.`;
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

/** Where nobody listens: simulated packages are not compared with what vendors really publish, unless somebody asks for it. */
const nowhere = "http://127.0.0.1:9/";

/** How often it is asked whether the management account's stack is made. */
const POLL_MS = 250;

/** The management account's side, without which the consumer role cannot be deployed. */
async function setUpOrganization(port: number, { account, partition }: Blueprint): Promise<void> {
  const factory = await loadFactory();
  // Says so where nobody listens.
  await askDoor(port, "clock");
  const { managementAccountId } = factory.organization;
  const options = clientOptions(`http://127.0.0.1:${port}`, managementAccountId, ORGANIZATIONS_REGION);
  await setUpEmbedded({ factory, account, partition }, options, () => sleep(POLL_MS));
}

/** Values of secrets whose form counts. */
const standIns: Secrets = {
  FeedMirrors: JSON.stringify(
    Object.fromEntries([
      ...osNames.map((os) => [os, { url: nowhere, severities: nowhere, notices: nowhere, standIn: true }]),
      ...exploitListNames.map((name) => [name, { url: nowhere, standIn: true }]),
    ]),
  ),
};

/** Instances with example packages on them, whose manifest they upload; else no build could pass its gate. */
async function planInstances(port: number, account: string, region: string): Promise<void> {
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
  await askDoor(port, "instances", { body: { account, region, instances } });
}

function addSecret(text: string, known: Secrets): Secrets {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Expected name=value.");
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}
