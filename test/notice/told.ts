import factory from "../../factory.config.ts";
import { subscribeQueue } from "../../local/consumers/subscriber.ts";
import { account, type FactoryOnAPort, startFactory } from "../world/running-factory.ts";
import { MINUTE } from "../world/time.ts";

/** Delivers an event as the bus would; each is a new event unless the id is repeated. */
let events = 0;
export const envelope = (detailType: string, detail: object, id = `event-${++events}`) => ({
  id,
  time: "2026-04-01T08:00:00Z",
  account,
  region: "eu-west-1",
  resources: [],
  source: "amint",
  "detail-type": detailType,
  detail,
});

export interface Told extends FactoryOnAPort {
  tell(detailType: string, detail: object, id?: string): Promise<void>;
  /** Subjects of the topic's messages since the last call. */
  subjects(): Promise<string[]>;
}

export async function startTold(): Promise<Told> {
  const running = await startFactory();
  const { options, pass, send } = running;
  const topic = `arn:aws:sns:eu-west-1:${account}:amint-${factory.name}-notices`;
  const subscriber = await subscribeQueue(options, topic);
  return {
    ...running,
    async tell(detailType, detail, id) {
      await send("notify", envelope(detailType, detail, id));
      await pass(MINUTE);
    },
    subjects: async () => (await subscriber.read()).map(({ subject }) => subject),
  };
}

export const feed = {
  feed: "https://cdn.example.com/repomd.xml",
  images: ["al2023-base"],
  code: "timeout",
  reason: "no answer",
};
export const feedTitle = "al2023-base: advisory feed cannot be read";
