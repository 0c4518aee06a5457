/** A test as `vitest list --json` prints it. */
export interface Title {
  /** Names of the `describe` blocks and of the test, joined by ` > `. */
  readonly name: string;
  readonly file: string;
}

/** Says which test replaces tests that are gone. */
export interface Replaced {
  /** A regular expression that matches complete removed titles. */
  readonly before: string;
  /** The title that replaces them; `$1` and so on are groups of `before`. */
  readonly after: string;
  readonly why: string;
}

export interface Lost {
  /** Removed titles without a replacement. */
  readonly lost: readonly Title[];
  /** Entries that match no removed title. */
  readonly useless: readonly Replaced[];
}

/** Compares the titles of two revisions. Files are ignored, because tests may move. Each occurrence of a title counts. */
export function lostTitles(before: readonly Title[], now: readonly Title[], replaced: readonly Replaced[]): Lost {
  const count = new Map<string, number>();
  for (const { name } of now) count.set(name, (count.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  const gone = before.filter(({ name }) => {
    seen.set(name, (seen.get(name) ?? 0) + 1);
    return (seen.get(name) ?? 0) > (count.get(name) ?? 0);
  });
  const used = new Set<Replaced>();
  const lost = gone.filter(({ name }) => {
    const entry = replaced.find((one) => whole(one).test(name));
    if (entry) used.add(entry);
    return !entry || !count.has(name.replace(whole(entry), entry.after));
  });
  return { lost, useless: replaced.filter((one) => !used.has(one)) };
}

const whole = ({ before }: Replaced): RegExp => new RegExp(`^(?:${before})$`);
