import type { OrganizationSeed } from "embedded-aws/seeds";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { type Proof, proofs } from "../../events/share.ts";
import type { FactoryEvent } from "../boot/boot-factory.ts";
import type { PublishedChannel } from "../consumers/read-back.ts";
import type { HeardMessage, ParkedEvents } from "../consumers/subscriber.ts";
import type { Story } from "../story/plan-story.ts";

/** An AMI as an account sees it. */
export interface SeenImage {
  readonly account: string;
  readonly region: string;
  readonly ami: string;
}

/** What a story left: read back through the SDK, and all events and messages. */
export interface StoryReport {
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
  /** Messages in Slack; an update is not another one. */
  readonly slack: number;
  readonly parked: readonly ParkedEvents[];
}

/** `1.0.0/3` of a build's ARN. */
export const versionOf = (build: unknown): string => String(build).split("/").slice(2).join("/");

export const eventsOf = (events: readonly FactoryEvent[], detailType: string): FactoryEvent["detail"][] =>
  events.flatMap((event) => (event.detailType === detailType ? [event.detail] : []));

/** By account, the strongest proof that the AMI is usable from a channel. */
export function proofsOf(
  events: readonly FactoryEvent[],
  { channel, ami }: { readonly channel: string; readonly ami: string },
): ReadonlyMap<string, Proof> {
  const best = new Map<string, Proof>();
  for (const { detailType, detail } of events) {
    if (detailType !== "share.verified" || detail.channel !== channel || detail.amiId !== ami) continue;
    for (const { account, proof } of detail.accounts as { account: string; proof: Proof }[]) {
      const known = best.get(account);
      if (!known || proofs.indexOf(proof) > proofs.indexOf(known)) best.set(account, proof);
    }
  }
  return best;
}
