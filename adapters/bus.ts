import { type EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type * as z from "zod";
import { type EventDefinition, factorySource } from "../events/define-event.ts";

export interface Bus {
  readonly client: EventBridgeClient;
  readonly name: string;
}

/**
 * Publishes an event on the factory's bus.
 * @throws EventNotPut where EventBridge rejected it, which PutEvents reports with status 200
 */
export async function putEvent<Name extends string, Detail extends z.ZodType>(
  { client, name }: Bus,
  { detailType, detail: schema }: EventDefinition<Name, Detail>,
  detail: z.input<Detail>,
): Promise<void> {
  const { Entries = [] } = await client.send(
    new PutEventsCommand({
      Entries: [
        {
          EventBusName: name,
          Source: factorySource,
          DetailType: detailType,
          Detail: JSON.stringify(schema.parse(detail)),
        },
      ],
    }),
  );
  const refused = Entries.find(({ ErrorCode }) => ErrorCode);
  if (refused) throw new EventNotPut(detailType, `${refused.ErrorCode}: ${refused.ErrorMessage}`);
}

class EventNotPut extends Error {
  override readonly name = "EventNotPut";

  constructor(detailType: string, reason: string) {
    super(`EventBridge rejected ${detailType}; a retry puts it again: ${reason}`);
  }
}
