/** The manifest's package that represents a version of .NET Framework: `4.8`. */
export const DOTNET = "dotnet-framework";

/** The Windows updates, by numbers such as `KB5058385`, that decide whether a fix is installed. */
export interface FixingUpdates {
  /** Updates with the fix: the update itself, hotpatches with the same fix, and their replacements. */
  readonly fixing: readonly string[];
  /** All updates that they replace: if one of these is the newest installed, the fix is missing. */
  readonly before: readonly string[];
}

/** Which updates replace which. Each month of Microsoft's guide names the updates that an update replaces directly. */
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
 * Whether an image has a fix, by the updates that its manifest lists. Windows does not list updates that newer ones
 * replaced, so a fix is missing only if an update that it replaces is listed.
 * @returns undefined if the list does not decide
 */
export function hasUpdate({ fixing, before }: FixingUpdates, isListed: (update: string) => boolean) {
  if (fixing.some(isListed)) return true;
  return before.some(isListed) ? false : undefined;
}

export const isUpdate = (packageName: string): boolean => /^KB\d+$/.test(packageName);
