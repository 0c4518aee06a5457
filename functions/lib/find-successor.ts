import type { BuildRecord } from "../../adapters/ledger/builds.ts";
import { gateOf } from "../../adapters/ledger/evidence.ts";
import { readImageState } from "../../adapters/ledger/image-state.ts";
import { whetherUndone } from "../../adapters/ledger/promotion.ts";
import { revocationOf } from "../../adapters/ledger/revocations.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { readTogether } from "../../adapters/ledger/wanted.ts";
import type { BuildArn } from "../../events/ids.ts";

/**
 * The newest build that takes a build's place on its way: started later, available, let through by the gate, not
 * revoked, and its promotion not taken back. One that the gate has not decided about keeps nobody from going on.
 */
export async function findSuccessor(
  ledger: Ledger,
  { image, build }: { readonly image: string; readonly build: BuildArn },
): Promise<BuildArn | undefined> {
  const { builds } = await readImageState(ledger, image);
  const own = builds.find((one) => one.build === build);
  const newer = builds
    .filter(({ status, startedAt }) => status === "available" && own !== undefined && startedAt > own.startedAt)
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  for (const one of newer) if (await isOnItsWay(ledger, one)) return one.build;
  return undefined;
}

async function isOnItsWay(ledger: Ledger, { build }: BuildRecord): Promise<boolean> {
  const [gate, revoked, undone] = await readTogether(ledger, [
    gateOf(build),
    revocationOf(build),
    whetherUndone(build),
  ]);
  return gate?.verdict === "passed" && revoked === undefined && !undone;
}
