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

/**
 * Those who asked for a build, by the config's names. `requestedBy` is what somebody said of themselves: a person's name,
 * a Slack user's id, a principal's ARN, or the name of its session.
 */
export function findRequesters(people: People, triggers: readonly Trigger[]): string[] {
  const said = triggers.flatMap((trigger) => (trigger.kind === "manual" ? [trigger.requestedBy] : []));
  const isSaid = (name: string, { slack, principals }: Person): boolean =>
    said.some(
      (text) =>
        text.toLowerCase() === name ||
        text === slack ||
        principals.some((pattern) => matches(pattern, text) || sessionOf(pattern) === text),
    );
  return Object.keys(people).filter((name) => isSaid(name, people[name] as Person));
}

/** `*` stands for any characters, as the config says. */
function matches(pattern: string, arn: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`).test(arn);
}

/** The last part of an ARN; of a pattern that leaves it open, nothing. */
function sessionOf(pattern: string): string | undefined {
  const last = pattern.slice(pattern.lastIndexOf("/") + 1);
  return last.includes("*") || last === pattern ? undefined : last;
}

/** An identity as people read it. */
export const sayIdentity = (identity: Identity): string =>
  "slack" in identity ? `the Slack user ${identity.slack}` : identity.principal;
