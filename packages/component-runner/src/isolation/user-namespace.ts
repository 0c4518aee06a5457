import { readFileSync } from "node:fs";
import { userInfo } from "node:os";
import type { ProgramCall } from "./hold-namespaces.ts";

/** Root in a system maps to this user id, who owns nothing on the machine. */
export const FIRST_ID = 1_000_000_000;
export const IDS = 65_536;

/**
 * $1, $2: the machine's first user and group id to map, $3: the number of ids; then a command, which root in the
 * namespace runs. An unprivileged user becomes root there; all other ids map to the user's range in /etc/subuid.
 */
const ENTER = `
unshare --user sleep 10 < /dev/null > /dev/null 2>&1 3>&- &
keeper=$!
until [ "$(readlink "/proc/$keeper/ns/user")" != "$(readlink /proc/$$/ns/user)" ]; do
  kill -0 "$keeper"
  sleep 0.01
done
if [ "$(id -u)" = 0 ]; then
  echo "0 $1 $3" > "/proc/$keeper/uid_map"
  echo "0 $2 $3" > "/proc/$keeper/gid_map"
else
  newuidmap "$keeper" 0 "$(id -u)" 1 1 "$1" "$3"
  newgidmap "$keeper" 0 "$(id -g)" 1 1 "$2" "$3"
fi
shift 3
exec nsenter --user="/proc/$keeper/ns/user" --setuid 0 --setgid 0 "$@"
`;

/** @returns the command wrapped to run as root in a new user namespace */
export function inUserNamespace(command: readonly string[]): ProgramCall {
  const { user, group, count } = mappedIds() ?? { user: FIRST_ID, group: FIRST_ID, count: IDS };
  return ["bash", "-ec", ENTER, "bash", ...[user, group, count].map(String), ...command];
}

/** @returns undefined for an unprivileged user without a range of subordinate ids */
export function mappedIds(): { readonly user: number; readonly group: number; readonly count: number } | undefined {
  if (process.getuid?.() === 0) return { user: FIRST_ID, group: FIRST_ID, count: IDS };
  const users = rangeIn("/etc/subuid");
  const groups = rangeIn("/etc/subgid");
  if (!users || !groups) return undefined;
  return { user: users.first, group: groups.first, count: Math.min(users.count, groups.count, IDS - 1) };
}

/** By subuid(5): `name or id:first:count`. */
function rangeIn(file: string): { readonly first: number; readonly count: number } | undefined {
  const { username, uid } = userInfo();
  const rows = readLines(file).map((line) => line.split(":"));
  const [, first, count] = rows.find(([owner]) => owner === username || owner === String(uid)) ?? [];
  return first && count ? { first: Number(first), count: Number(count) } : undefined;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}
