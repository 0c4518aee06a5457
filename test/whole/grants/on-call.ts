import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import type { RunningFactory } from "../../../local/boot/boot-factory.ts";
import { subscribeQueue } from "../../../local/consumers/subscriber.ts";

/**
 * Subscribes a queue to the notices topic, which has the factory's notices and alarms.
 * @returns a function that reads the subjects of all messages so far, and deletes the messages
 */
export async function putOnCall({ options }: RunningFactory): Promise<() => Promise<string[]>> {
  const { Topics: [topic] = [] } = await new SNSClient(options).send(new ListTopicsCommand({}));
  const { read } = await subscribeQueue(options, topic?.TopicArn ?? "", { queue: "on-call", alarms: true });
  return async () => (await read()).map(({ subject }) => subject);
}
