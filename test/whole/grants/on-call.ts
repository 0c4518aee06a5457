import { ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import type { RunningFactory } from "../../../cli/try/boot-factory.ts";
import { subscribeQueue } from "../../../cli/try/subscriber.ts";

/**
 * Subscribes a queue to everything that the notices topic says: what the factory tells people, and alarms.
 * @returns reads the subjects of all messages so far, and takes them off the queue
 */
export async function putOnCall({ options }: RunningFactory): Promise<() => Promise<string[]>> {
  const { Topics: [topic] = [] } = await new SNSClient(options).send(new ListTopicsCommand({}));
  const { read } = await subscribeQueue(options, topic?.TopicArn ?? "", { queue: "on-call", alarms: true });
  return read;
}
