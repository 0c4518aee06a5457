import type { OrganizationSeed } from "embedded-aws/seeds";
import type { Factory } from "../../core/factory/factory-schema.ts";
import type { FactoryEvent } from "../boot/boot-factory.ts";
import type { PublishedChannel } from "../consumers/read-back.ts";
import type { HeardMessage } from "../consumers/subscriber.ts";
import type { Story } from "../story/plan-story.ts";

/** An AMI as an account sees it. */
export interface SeenImage {
  readonly account: string;
  readonly region: string;
  readonly ami: string;
}

/** The results of a try, read back through the SDK, and all events and messages. */
export interface Tried {
  readonly factory: Factory;
  /** The factory's account. */
  readonly account: string;
  readonly organization: OrganizationSeed;
  readonly story: Story;
  readonly events: readonly FactoryEvent[];
  readonly channels: readonly PublishedChannel[];
  /** AMIs of the factory that other accounts see. */
  readonly seen: readonly SeenImage[];
  /** Messages of the notices topic. */
  readonly heard: readonly HeardMessage[];
  /** Texts of Slack's messages, those before updates included. */
  readonly posted: readonly string[];
  readonly parked: readonly { readonly queue: string; readonly messages: number }[];
}

/** `1.0.0/3` of a build's ARN. */
export const versionOf = (build: unknown): string => String(build).split("/").slice(2).join("/");

export const eventsOf = (events: readonly FactoryEvent[], detailType: string): FactoryEvent["detail"][] =>
  events.flatMap((event) => (event.detailType === detailType ? [event.detail] : []));
