import type { Account } from "./organization-tree.ts";

/**
 * Organizations answers ten ListTagsForResource a second (user guide, "Quotas"); beside the walk, five minutes of them
 * leave a function time for everything else.
 */
const MOST_AT_ONCE = 3_000;
const HOUR_MS = 3_600_000;

/**
 * The accounts whose tags are read this hour: those of which nothing is known first, then the others by turns, so that
 * each one's turn comes.
 */
export function chooseRetagged(
  accounts: readonly Account[],
  before: ReadonlyMap<string, Account>,
  now: Date,
): readonly string[] {
  const active = accounts.filter((account) => account.active).map(({ id }) => id);
  const unknown = active.filter((id) => !before.get(id)?.tags);
  const known = active.filter((id) => before.get(id)?.tags);
  if (active.length <= MOST_AT_ONCE) return active;
  const left = Math.max(0, MOST_AT_ONCE - unknown.length);
  const turns = Math.max(1, Math.ceil(known.length / Math.max(1, left)));
  const turn = Math.floor(now.getTime() / HOUR_MS) % turns;
  return [...unknown.slice(0, MOST_AT_ONCE), ...known.slice(turn * left, (turn + 1) * left)];
}
