import type { Factory } from "../factory/factory-schema.ts";
import { findPeople, type Identity, sayIdentity } from "./find-person.ts";

type Verdict =
  | { readonly kind: "allowed"; readonly person: string }
  /** `why` completes a sentence after a colon. `for`: the person who asked, or `everyone` if the channel does not exist. */
  | { readonly kind: "refused"; readonly for: "them" | "everyone"; readonly why: string };

/**
 * Whether a Slack user may roll a channel back or control its roll-out: the channel's approvers may, or everyone in the
 * config's `people` if it has no approvers. The Slack user id must belong to exactly one person of the config.
 */
export function whoMayDecide(
  { images, people }: Pick<Factory, "images" | "people">,
  { image, channel, identity }: { readonly image: string; readonly channel: string; readonly identity: Identity },
): Verdict {
  const of = images[image];
  if (!of) return refused("everyone", `the config has no image "${image}"; it has ${Object.keys(images).join(", ")}`);
  const found = of.channels.find(({ name }) => name === channel);
  if (!found) {
    const known = of.channels.map(({ name }) => name).join(", ");
    return refused("everyone", `the config of ${image} has no channel "${channel}"; it has ${known}`);
  }
  const who = sayIdentity(identity);
  const [person, second, ...more] = findPeople(people, identity);
  if (person === undefined) return refused("them", `${who} matches no entry of the config's people`);
  if (second !== undefined) {
    const several = [person, second, ...more].join(", ");
    return refused("them", `${who} matches several entries of the config's people: ${several}`);
  }
  const approvers = found.approval?.approvers;
  if (!approvers || approvers.includes(person)) return { kind: "allowed", person };
  return refused("them", `${person} is not an approver of ${image} ${channel}; ${approvers.join(", ")} can decide`);
}

const refused = (whom: "them" | "everyone", why: string): Verdict => ({ kind: "refused", for: whom, why });
