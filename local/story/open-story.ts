import { bootFactory, type FactoryEvent, type FactoryOptions, type RunningFactory } from "../boot/boot-factory.ts";
import { type HeardMessage, subscribeQueue, topicArnOf } from "../consumers/subscriber.ts";
import { DAY, live, type PlannedEvent } from "./timeline.ts";

/** Shows a story while it is lived. */
export interface Narration {
  /** @param resources how many are deployed */
  begin?(plan: readonly PlannedEvent[], resources: number): void;
  /** Everything is deployed. */
  booted?(): void;
  at?(time: number): void;
  event?(event: FactoryEvent): void;
  /** The story is over, and is read back. */
  end?(): void;
  /** Ends the display, also where the story ends with an error. */
  close?(): void;
}

export interface StoryOptions extends Omit<FactoryOptions, "onEvent"> {
  readonly events: readonly PlannedEvent[];
  readonly narration?: Narration | undefined;
  /** Called once everything is deployed. */
  readonly onBooted?: ((running: RunningFactory) => void) | undefined;
  /** Called after each hour of factory time; `enough` ends the span early. */
  readonly eachHour?: (running: RunningFactory, at: number) => Promise<"enough" | undefined>;
}

export interface OpenStory {
  readonly running: RunningFactory;
  /** Continues the story until a time, in milliseconds since the epoch. */
  until(end: number): Promise<void>;
  /** The messages of the notices topic so far. */
  hear(): Promise<HeardMessage[]>;
}

/** Boots a factory at the beginning of a story. The caller closes it. */
export async function openStory({ events, narration, onBooted, eachHour, ...boot }: StoryOptions): Promise<OpenStory> {
  const { blueprint, begin } = boot;
  narration?.begin?.(events, blueprint.resources.length);
  const onEvent = (event: FactoryEvent) => narration?.event?.(event);
  const running = await bootFactory({ ...boot, onEvent }).finally(() => narration?.close?.());
  narration?.booted?.();
  onBooted?.(running);
  const subscriber = await subscribeQueue(running.options, topicArnOf(blueprint)).catch(async (error) => {
    await running.close();
    throw error;
  });
  const heard: HeardMessage[] = [];
  let from = begin;
  return {
    running,
    async until(end) {
      await live(running, events, {
        from,
        until: end,
        async eachHour(at) {
          narration?.at?.(at);
          // SQS deletes messages after four days.
          if ((at - begin) % DAY === 0) heard.push(...(await subscriber.read()));
          return eachHour?.(running, at);
        },
      });
      from = end;
    },
    async hear() {
      heard.push(...(await subscriber.read()));
      return [...heard];
    },
  };
}
