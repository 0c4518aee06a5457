import type { ArtifactId } from "../../events/ids.ts";

type Amis = Readonly<Record<string, ArtifactId>>;

/** What is known of an account's copies of a channel's parameter. */
interface KnownMirror {
  readonly account: string;
  /** What its parameters say, by region. */
  readonly amis: Amis;
  /** What did not succeed the last time, in words. */
  readonly failed?: string | undefined;
}

/** What to do in an account; where there is nothing to do, nothing has to be known of it any more. */
export interface MirrorTask {
  readonly account: string;
  /** By region. */
  readonly put: Amis;
  /** Regions. */
  readonly remove: readonly string[];
}

interface Wanted {
  /** The accounts that the channel reaches. */
  readonly accounts: readonly string[];
  /** Where the channel points, by region; nothing where it points at nothing. */
  readonly amis: Amis;
  /** Whether an account is one of the organization's, so that something could be removed there. */
  readonly isMember: (account: string) => boolean;
  /** Also what is known to be right is looked at: somebody else may have written at the same moment. */
  readonly all: boolean;
}

/** What differs between accounts' copies of a channel's parameter and the channel, account by account in order. */
export function planMirror(known: readonly KnownMirror[], { accounts, amis, isMember, all }: Wanted): MirrorTask[] {
  const byAccount = new Map(known.map((one) => [one.account, one]));
  const reached = new Set(Object.keys(amis).length > 0 ? accounts : []);
  const tasks = [...new Set([...reached, ...byAccount.keys()])].map((account): MirrorTask => {
    const before = byAccount.get(account);
    const wanted = reached.has(account) ? amis : {};
    const put = Object.entries(wanted).filter(
      ([region, ami]) => all || before?.failed !== undefined || before?.amis[region] !== ami,
    );
    const extra = Object.keys(before?.amis ?? {}).filter((region) => !wanted[region]);
    return { account, put: Object.fromEntries(put), remove: isMember(account) ? extra : [] };
  });
  return tasks
    .filter(({ account, put, remove }) => !reached.has(account) || Object.keys(put).length + remove.length > 0)
    .toSorted((a, b) => (a.account < b.account ? -1 : 1));
}
