import type { Factory } from "../../core/factory/factory-schema.ts";
import { answersBy } from "../people/sessions.ts";
import { HOUR } from "./timeline.ts";

/** From a request to the first channel: build, tests, scan, copies and verification, with some time to spare. */
export const BUILD = 3 * HOUR;

/** Approvers answer once an hour. */
const ANSWER = HOUR;

/** How long a build takes from its request into a channel, in milliseconds; or why it never enters. */
export type LeadTime = { readonly takes: number } | { readonly never: string };

/** Approvers who can answer for a channel, and how. */
export interface Approvers {
  readonly able: readonly { readonly person: string; readonly via: "slack" | "cli" }[];
  /** How many must agree, at most. */
  readonly required: number;
}

type Image = Factory["images"][string];

/** @returns undefined if the channel has no approval */
export function approversOf(
  factory: Factory,
  { approval }: Image["channels"][number],
  account: string,
): Approvers | undefined {
  if (!approval) return undefined;
  const able = approval.approvers.flatMap((person) => {
    const via = answersBy(factory, person, account);
    return via ? [{ person, via }] : [];
  });
  // The requester of a try's builds is not one of the approvers.
  return { able, required: approval.required ?? 2 };
}

/** How long an image's build takes to reach one of its channels once its parent is published. */
export function leadTimeInto(factory: Factory, image: string, channel: string, account: string): LeadTime {
  let takes = BUILD;
  for (const one of factory.images[image]?.channels ?? []) {
    const approvers = approversOf(factory, one, account);
    if (approvers && approvers.able.length < approvers.required) {
      const { length } = approvers.able;
      return {
        never: `${one.name} takes ${approvers.required} approvals, and ${length} of its approvers can answer: they need a Slack id with notify.slack, or a role of the factory's account in people.principals`,
      };
    }
    if (approvers) takes += ANSWER;
    if (one.name === channel) return { takes };
    takes += one.soak.usual * 1_000;
  }
  return { takes };
}

/** When an image's first build reaches a channel, counted from the beginning: after those of its parents. */
export function firstArrival(factory: Factory, image: string, channel: string, account: string): LeadTime {
  const own = leadTimeInto(factory, image, channel, account);
  const parent = factory.images[image]?.parent;
  if ("never" in own || !parent || !("image" in parent)) return own;
  const before = firstArrival(factory, parent.image, parent.channel, account);
  if ("never" in before) return { never: `its parent ${parent.image} never enters ${parent.channel}: ${before.never}` };
  return { takes: before.takes + own.takes };
}

/** When an image's first build starts, counted from the beginning. */
export function firstStart(factory: Factory, image: string, account: string): LeadTime {
  const parent = factory.images[image]?.parent;
  if (!parent || !("image" in parent)) return { takes: 0 };
  return firstArrival(factory, parent.image, parent.channel, account);
}

export const lastChannel = ({ channels }: Image): string => channels.at(-1)?.name ?? "";

/** `2.5 days`, `7 hours` */
export const sayHours = (ms: number): string => {
  const hours = Math.ceil(ms / HOUR);
  return hours < 48 ? `${hours} hours` : `${Math.round((hours / 24) * 10) / 10} days`;
};
