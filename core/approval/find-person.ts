import type { Trigger } from "../../events/build.ts";
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
