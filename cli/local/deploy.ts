import { Command, InvalidArgumentError } from "commander";
import type { Action, Progress } from "embedded-aws/deploy";
import { deployTo, type Secrets } from "../../local/running/deploy.ts";
import { programOf } from "../../stacks/blueprint/project.ts";
import { loadFactory } from "../command/load-factory.ts";
import { readBlueprint } from "../command/open-ledger.ts";
import { printJson, say } from "../command/print.ts";
import { endpointOf, type PortOption, withPort } from "./endpoint-option.ts";

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
  const blueprint = await readBlueprint();
  const program = { factory: await loadFactory(), blueprint, program: programOf() };
  const { account, resources, steps, standIns } = await deployTo(endpointOf(options), program, secret);
  if (json) return printJson({ account, resources, steps, standIns });
  say`${resources} resources are deployed in account ${account}. Its instances are simulated.`;
  say`${summary(steps)}`;
  if (steps.some(({ action }) => action !== "create")) {
    for (const { action, type, name } of steps) say`  ${action.padEnd(7)} ${name}  ${type}`;
  }
  if (standIns.length > 0) say`Secrets with a stand-in value: ${standIns.join(", ")}.`;
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

function addSecret(text: string, known: Secrets): Secrets {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("Expected name=value.");
  return { ...known, [text.slice(0, at)]: text.slice(at + 1) };
}
