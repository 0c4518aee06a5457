/** Whom a channel's parameter is shared with in a region: ids and ARNs as RAM takes them. */
interface Joined {
  readonly principals: readonly string[];
  readonly resources: readonly string[];
}

/** What has to change in a resource share. */
export interface ShareChange {
  readonly add: Joined;
  readonly remove: Joined;
}

/**
 * Exactly those principals, and that one parameter: whoever else is in it is taken out, and whatever else, so that one
 * channel's share never gives another channel's parameter away.
 */
export const planShareChange = (present: Joined, principals: readonly string[], parameter: string): ShareChange => ({
  add: {
    principals: principals.filter((one) => !present.principals.includes(one)),
    resources: present.resources.includes(parameter) ? [] : [parameter],
  },
  remove: {
    principals: present.principals.filter((one) => !principals.includes(one)),
    resources: present.resources.filter((one) => one !== parameter),
  },
});

/** What changed, in words; empty where nothing had to. */
export function sayShareChange({ add, remove }: ShareChange): string[] {
  const list = (words: string, entities: readonly string[]) =>
    entities.length > 0 ? [`${words} ${entities.join(", ")}`] : [];
  return [
    ...(add.resources.length > 0 ? ["the parameter was put into its share"] : []),
    ...list("given to", add.principals),
    ...list("taken from", remove.principals),
    ...list("taken out", remove.resources),
  ];
}
