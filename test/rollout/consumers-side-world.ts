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

/** The program's result for the fixture's factory. */
export const evaluateRollouts = async (): Promise<Blueprint["resources"]> => {
  const project = findProject(`${import.meta.dirname}/fixtures/with-rollouts.ts`);
  return (JSON.parse(await evaluateProgram(project)) as Blueprint).resources;
};

/** The one resource of a type, such as `StackSet`. */
export const inputsOf = (resources: Blueprint["resources"], type: string): Readonly<Record<string, unknown>> => {
  const [found] = resources.filter((one) => one.type.endsWith(`:${type}`));
  if (!found) throw new Error(`The program has no ${type}.`);
  return found.inputs;
};

/** Consumers' accounts in which the program's stacks are, and the factory's bus with its policy. */
export async function openConsumersSide(resources: Blueprint["resources"]) {
  const world = await openWorld({ clock: new VirtualClock(Date.now()), factory: { name: "acme" } });
  const { templateBody } = inputsOf(resources, "StackSet");
  const { policy } = inputsOf(resources, "EventBusPolicy");
  const events = world.client(EventBridgeClient);
  const { name: EventBusName } = await makeBus(events, "amint-acme");
  await events.send(new PutPermissionCommand({ EventBusName, Policy: JSON.stringify(policy) }));
  return {
    ...world,
    async deploy(account: string, region = HOME): Promise<string | undefined> {
      const stacks = world.client(CloudFormationClient, { account, region });
      const StackName = "consumer";
      await stacks.send(
        new CreateStackCommand({
          StackName,
          TemplateBody: JSON.stringify(templateBody),
          Capabilities: ["CAPABILITY_NAMED_IAM"],
        }),
      );
      await world.pass(10 * MINUTE);
      return (await stacks.send(new DescribeStacksCommand({ StackName }))).Stacks?.[0]?.StackStatus;
    },
  };
}
