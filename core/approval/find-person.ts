import type { Trigger } from "../../events/build.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Person } from "../factory/notify-schema.ts";

/** An identity: a Slack user id, or the ARN of an IAM user or of a role session. */
export type Identity = { readonly slack: string } | { readonly principal: string };

export type Persons = Readonly<Record<string, Person>>;

/**
 * The persons of the config that an identity matches, so that one person counts once in Slack and IAM.
 * @returns every matching name: none for a stranger, several if the config's patterns overlap
 */
export function findPeople(persons: Persons, identity: Identity): string[] {
  const fits = ({ slack, principals }: Person): boolean =>
    "slack" in identity ? slack === identity.slack : principals.some((pattern) => matches(pattern, identity.principal));
  return Object.keys(persons).filter((name) => fits(persons[name] as Person));
}

/** The requesters of a build, by the config's names. Only identities that IAM verified count. */
export const findRequesters = (persons: Persons, triggers: readonly Trigger[]): string[] => [
  ...new Set(
    triggers.flatMap((trigger) =>
      trigger.kind === "manual" && trigger.principal ? findPeople(persons, { principal: trigger.principal }) : [],
    ),
  ),
];

/**
 * Whether each of a build's triggers was requested by exactly one person of the config. A schedule, an advisory, a CI
 * system's role or an unverified request can be caused by anyone, including an approver.
 */
export const hasKnownRequesters = (persons: Persons, triggers: readonly Trigger[]): boolean =>
  triggers.length > 0 && triggers.every((trigger) => findRequesters(persons, [trigger]).length === 1);

/** `*` matches any characters. */
function matches(pattern: string, arn: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(arn);
}

/** An identity in words. */
export const sayIdentity = (identity: Identity): string =>
  "slack" in identity ? `the Slack user ${identity.slack}` : identity.principal;

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

/**
 * Why an IAM principal may not make a build of an image urgent; undefined if it may: it has the right to approve the
 * image's builds, in every channel that asks for approval.
 */
export function whyNotUrgent(
  factory: Pick<Factory, "images" | "people">,
  image: string,
  principal: string,
): string | undefined {
  const verdicts = (factory.images[image]?.channels ?? []).map(({ name: channel }) =>
    whoMayDecide(factory, { image, channel, identity: { principal } }),
  );
  const no = verdicts.find((verdict) => verdict.kind === "refused");
  return no && `An urgent build needs the right to approve it: ${no.why}.`;
}

/** A principal by the config's name for the person, if it is exactly one. */
export function nameOf(people: Persons, principal: string): string {
  const [person, other] = findPeople(people, { principal });
  return person && !other ? person : principal;
}

const refused = (whom: "them" | "everyone", why: string): Verdict => ({ kind: "refused", for: whom, why });
