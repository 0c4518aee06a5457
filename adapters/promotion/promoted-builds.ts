import type { BuildArn } from "../../events/ids.ts";
import type { Ledger } from "../ledger/table.ts";
import { findMove } from "./promotion.ts";

/**
 * The builds that a channel pointed at, the newest first, as each one's promotion remembers what it replaced.
 * @param newest the build that it points at now
 * @param most how many at most
 */
export async function listPromoted(
  ledger: Ledger,
  newest: BuildArn,
  channel: string,
  most: number,
): Promise<BuildArn[]> {
  const builds = [newest];
  while (builds.length < most) {
    const previous = (await findMove(ledger, builds.at(-1) ?? newest, channel))?.previous?.build;
    if (!previous || builds.includes(previous)) break;
    builds.push(previous);
  }
  return builds;
}
