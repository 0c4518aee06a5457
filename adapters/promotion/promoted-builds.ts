import type { BuildArn } from "../../events/ids.ts";
import type { Ledger } from "../ledger/table.ts";
import { findMove } from "./promotion.ts";

/**
 * A channel's builds, newest first, from each promotion's record of the build that it replaced.
 * @param newest the channel's present build
 * @param most maximum number
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
