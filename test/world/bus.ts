import { CreateEventBusCommand, type EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { type EmbeddedAws, watchBus } from "embedded-aws";
import type { Bus } from "../../adapters/bus.ts";
import { HOME } from "./factory-of.ts";
import { FACTORY } from "./organization.ts";

/** An event on a bus. */
export interface Said {
  readonly name: string;
  readonly detail: Record<string, unknown>;
}

export async function makeBus(client: EventBridgeClient, name: string): Promise<Bus> {
  await client.send(new CreateEventBusCommand({ Name: name }));
  return { client, name };
}

/** Records events on the factory's bus from now on. */
export function hear(aws: EmbeddedAws, bus: string): Said[] {
  const said: Said[] = [];
  watchBus(aws, FACTORY, HOME, bus, ({ "detail-type": name, detail }) =>
    said.push({ name, detail: detail as Record<string, unknown> }),
  );
  return said;
}
