import { DescribeEventBusCommand, type EventBridgeClient, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { busName } from "../../core/names.ts";
import { forwarderName } from "../../core/share/management-side.ts";
import type { Finding } from "./finding.ts";

/** Whether the factory is deployed: its bus is there. */
export async function findBus(factory: Factory, events: EventBridgeClient): Promise<{ policy: string } | undefined> {
  try {
    const { Policy = "" } = await events.send(new DescribeEventBusCommand({ Name: busName(factory.name) }));
    return { policy: Policy };
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException") return undefined;
    throw error;
  }
}

/**
 * The factory's side of Organizations' events. The rule in the management account cannot be seen from here; without
 * it, changes are found when the organization is read.
 */
export async function checkForwarding(
  factory: Factory,
  events: EventBridgeClient,
  bus: { readonly policy: string },
): Promise<Finding[]> {
  const name = busName(factory.name);
  const where = `bus ${name} in ${factory.buildRegion}`;
  const fix = "deploy the factory again";
  const { Rules = [] } = await events.send(new ListRulesCommand({ EventBusName: name }));
  const follows = Rules.find(({ EventPattern = "" }) => EventPattern.includes('"aws.organizations"'));
  const forwarder = forwarderName(factory.name);
  return [
    ...(bus.policy.includes(`:role/${forwarder}`)
      ? []
      : [{ where, what: `takes no events from the management account's role ${forwarder}`, fix }]),
    ...(follows?.State === "ENABLED"
      ? []
      : [
          {
            where,
            what: "has no enabled rule for changes of the organization: they are found only when it is read",
            fix,
          },
        ]),
  ];
}
