import type { Factory } from "../../core/factory/factory-schema.ts";

export interface Session {
  readonly role: string;
  readonly name: string;
}

/** The role of requesters that the config does not name. */
export const OTHERS = "Platform";

/**
 * An approver's session in the factory's account: of the first role that the config names there, with a name for each `*`.
 * @returns undefined for an approver with principals of other accounts or IAM users only: function URLs admit principals of
 * their own account, and the embedded AWS signs no requests of users
 */
export function sessionOf(factory: Pick<Factory, "people">, person: string, account: string): Session | undefined {
  for (const principal of factory.people[person]?.principals ?? []) {
    const [, owner, rest] = /^arn:[^:]+:sts::(\d{12}):assumed-role\/(.+)$/.exec(principal) ?? [];
    if (owner !== account || !rest) continue;
    const [role = "", name = `${person}@example.com`] = rest.replaceAll("*", person).split("/");
    return { role, name };
  }
  return undefined;
}

/** How an approver answers: in Slack with `notify.slack` and a Slack id, else by the CLI. */
export function answersBy(
  factory: Pick<Factory, "people" | "notify">,
  person: string,
  account: string,
): "slack" | "cli" | undefined {
  if (factory.notify.slack && factory.people[person]?.slack) return "slack";
  return sessionOf(factory, person, account) ? "cli" : undefined;
}
