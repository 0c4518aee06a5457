import type { Trigger } from "../../events/build.ts";
import type { Person } from "../factory/factory-schema.ts";

/** Who somebody is where they come from: a Slack user's id, or the ARN of an IAM user or of a role's session. */
export type Identity = { readonly slack: string } | { readonly principal: string };

export type People = Readonly<Record<string, Person>>;

/**
 * The person of the config that an identity belongs to, so that Slack and IAM are not two people.
 * @returns every name that fits: none for a stranger, several where the config's patterns overlap
 */
export function findPeople(people: People, identity: Identity): string[] {
  const fits = ({ slack, principals }: Person): boolean =>
    "slack" in identity ? slack === identity.slack : principals.some((pattern) => matches(pattern, identity.principal));
  return Object.keys(people).filter((name) => fits(people[name] as Person));
}

/** Those who asked for a build, by the config's names: only an identity that IAM verified says who it was. */
export const findRequesters = (people: People, triggers: readonly Trigger[]): string[] => [
  ...new Set(
    triggers.flatMap((trigger) =>
      trigger.kind === "manual" && trigger.principal ? findPeople(people, { principal: trigger.principal }) : [],
    ),
  ),
];

/**
 * Whether one person of the config stands behind each of a build's reasons. A schedule, an advisory, a CI system's role or
 * an unverified request could be anyone's doing, an approver's own, too.
 */
export const hasKnownRequesters = (people: People, triggers: readonly Trigger[]): boolean =>
  triggers.length > 0 && triggers.every((trigger) => findRequesters(people, [trigger]).length === 1);

/** `*` stands for any characters, as the config says. */
function matches(pattern: string, arn: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(arn);
}

/** An identity as people read it. */
export const sayIdentity = (identity: Identity): string =>
  "slack" in identity ? `the Slack user ${identity.slack}` : identity.principal;
