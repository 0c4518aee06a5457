/** The principals and resources of a RAM resource share, as ids and ARNs. */
interface Joined {
  readonly principals: readonly string[];
  readonly resources: readonly string[];
}

/** The changes that a resource share needs. */
export interface ShareChange {
  readonly add: Joined;
  readonly remove: Joined;
}

/**
 * Plans the changes to have exactly these principals and this parameter. All others are removed, so that one channel's share
 * never exposes another channel's parameter.
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

/** The changes in words; empty without changes. */
export function sayShareChange({ add, remove }: ShareChange): string[] {
  const list = (words: string, entities: readonly string[]) =>
    entities.length > 0 ? [`${words} ${entities.join(", ")}`] : [];
  return [
    ...(add.resources.length > 0 ? ["the parameter was added to its share"] : []),
    ...list("shared with", add.principals),
    ...list("unshared from", remove.principals),
    ...list("removed", remove.resources),
  ];
}
