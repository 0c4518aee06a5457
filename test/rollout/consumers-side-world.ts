import { CloudFormationClient, CreateStackCommand, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import { EventBridgeClient, PutPermissionCommand } from "@aws-sdk/client-eventbridge";
import { VirtualClock } from "embedded-aws";
import type { Blueprint } from "embedded-aws/deploy";
import { evaluateProgram } from "../../stacks/blueprint/evaluate-program.ts";
import { findProject } from "../../stacks/blueprint/project.ts";
import { makeBus } from "../world/bus.ts";
import { HOME } from "../world/factory-of.ts";
import { MINUTE } from "../world/time.ts";
import { openWorld } from "../world/world.ts";

let evaluated: Promise<string> | undefined;

/** The program's result for the fixture's factory, which is evaluated once. */
export async function evaluateRollouts(): Promise<Blueprint["resources"]> {
  evaluated ??= evaluateProgram(findProject(`${import.meta.dirname}/fixtures/with-rollouts.ts`));
  return (JSON.parse(await evaluated) as Blueprint).resources;
}

/** The one resource of a type, such as `StackSet`. */
export const inputsOf = (resources: Blueprint["resources"], type: string): Readonly<Record<string, unknown>> => {
  const [found] = resources.filter((one) => one.type.endsWith(`:${type}`));
  if (!found) throw new Error(`The program has no ${type}.`);
  return found.inputs;
};

/** Consumers' accounts with the program's stacks in the build region, and the factory's bus with its policy. */
export async function openConsumersSide(...accounts: readonly string[]) {
  const resources = await evaluateRollouts();
  const world = await openWorld({ clock: new VirtualClock(Date.now()), factory: { name: "acme" } });
  const { templateBody } = inputsOf(resources, "StackSet");
  const { policy } = inputsOf(resources, "EventBusPolicy");
  const events = world.client(EventBridgeClient);
  const { name: EventBusName } = await makeBus(events, "amint-acme");
  await events.send(new PutPermissionCommand({ EventBusName, Policy: JSON.stringify(policy) }));
  const deploy = async (account: string, region = HOME): Promise<string | undefined> => {
    const stacks = world.client(CloudFormationClient, { account, region });
    const StackName = "consumer";
    const TemplateBody = JSON.stringify(templateBody);
    await stacks.send(new CreateStackCommand({ StackName, TemplateBody, Capabilities: ["CAPABILITY_NAMED_IAM"] }));
    await world.pass(10 * MINUTE);
    return (await stacks.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;
  };
  for (const account of accounts) await deploy(account);
  return { ...world, deploy };
}
