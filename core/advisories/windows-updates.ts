/** The package of a manifest that stands for a version of .NET Framework: `4.8`. */
export const DOTNET = "dotnet-framework";

/** The updates of Windows, by their numbers such as `KB5058385`, that tell whether a fix is installed. */
export interface FixingUpdates {
  /** Each of them has the fix: the update, hotpatches that fix the same, and what replaces these. */
  readonly fixing: readonly string[];
  /** What it replaces, one after the other: where one of them is the newest that is installed, the fix is missing. */
  readonly before: readonly string[];
}

/** Which updates replace which. A month of Microsoft's guide names the ones that an update replaces directly. */
export class Replacements {
  readonly #replaces = new Map<string, Set<string>>();
  readonly #replacedBy = new Map<string, Set<string>>();

  add(update: string, replaced: string): void {
    addTo(this.#replaces, update, replaced);
    addTo(this.#replacedBy, replaced, update);
  }

  around(fixing: ReadonlySet<string>): FixingUpdates {
    const later = reach(fixing, this.#replacedBy);
    const before = [...reach(fixing, this.#replaces)].filter((one) => !later.has(one));
    return { fixing: [...later].toSorted(), before: before.toSorted() };
  }
}

function addTo(map: Map<string, Set<string>>, from: string, to: string): void {
  const known = map.get(from) ?? new Set();
  map.set(from, known.add(to));
}

function reach(from: ReadonlySet<string>, edges: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const found = new Set(from);
  for (const one of found) for (const next of edges.get(one) ?? []) found.add(next);
  return found;
}

/**
 * Whether an image has a fix, by the updates that its manifest lists. Windows leaves out of its list what newer updates
 * replaced, so that an update that is not listed may be there: it is missing only where one that it replaces is listed.
 * @returns undefined where the list does not say
 */
export function hasUpdate({ fixing, before }: FixingUpdates, isListed: (update: string) => boolean) {
  if (fixing.some(isListed)) return true;
  return before.some(isListed) ? false : undefined;
}

export const isUpdate = (packageName: string): boolean => /^KB\d+$/.test(packageName);
