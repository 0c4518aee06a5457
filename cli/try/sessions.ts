import type { Factory } from "../../core/factory/factory-schema.ts";

export interface Session {
  readonly role: string;
  readonly name: string;
}

/** Requesters outside the config's people have sessions of this role. */
export const OTHERS = "Platform";

/**
 * The session by which IAM in the factory's account knows a person: of the first role that the config names there, with
 * something in the place of each `*`.
 * @returns undefined for a person of other accounts, or with IAM users only: function URLs admit their own account's
 * principals, and the embedded AWS signs no requests of users
 */
export function sessionOf({ people }: Pick<Factory, "people">, person: string, account: string): Session | undefined {
  for (const principal of people[person]?.principals ?? []) {
    const [, owner, rest] = /^arn:[^:]+:sts::(\d{12}):assumed-role\/(.+)$/.exec(principal) ?? [];
    if (owner !== account || !rest) continue;
    const [role = "", name = `${person}@example.com`] = rest.replaceAll("*", person).split("/");
    return { role, name };
  }
  return undefined;
}

/** How a person answers an approval: in Slack where notices go there and Slack knows them, else by the CLI. */
export function answersBy(
  factory: Pick<Factory, "people" | "notify">,
  person: string,
  account: string,
): "slack" | "cli" | undefined {
  if (factory.notify.slack && factory.people[person]?.slack) return "slack";
  return sessionOf(factory, person, account) ? "cli" : undefined;
}
