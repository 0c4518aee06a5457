import type { BuildRecord } from "../../adapters/build/builds.ts";
import { type ImageState, readImageState } from "../../adapters/build/image-state.ts";
import { findChannel } from "../../adapters/channel/channels.ts";
import { gateOf } from "../../adapters/evidence/evidence.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { whetherUndone } from "../../adapters/promotion/promotion.ts";
import { revocationOf } from "../../adapters/revocation/revocations.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { ChannelOf } from "../channel/in-all-regions.ts";
import type { Invocation } from "../invocation.ts";

/** An image's builds and channels in the ledger. */
export type Standing = Pick<ImageState, "builds" | "channels">;

/**
 * The build that keeps another out of a channel: the present build of the previous channel, where it soaked, if that
 * has changed; otherwise a newer build in promotion. Undefined: it may enter.
 * @param state as it was just read; default: it is read
 */
export async function findSuperseding(
  { image, channel, build }: ChannelOf & { readonly build: BuildArn },
  { ledger, settings }: Pick<Invocation, "ledger" | "settings">,
  state?: Standing,
): Promise<BuildArn | undefined> {
  const { channels } = requireImage(settings.factory, image);
  const before = channels[channels.findIndex(({ name }) => name === channel) - 1];
  const soaked = before && (state ? state.channels[before.name] : await findChannel(ledger, image, before.name));
  if (soaked && soaked.build !== build) return soaked.build;
  const { builds } = state ?? (await readImageState(ledger, image, ["builds"]));
  return findSuccessor(ledger, build, builds);
}

/**
 * The newest build that supersedes another in promotion: started later, available, passed by its gate, not revoked, and
 * not undone. A build without a gate decision supersedes no other.
 */
async function findSuccessor(
  ledger: Ledger,
  build: BuildArn,
  builds: readonly BuildRecord[],
): Promise<BuildArn | undefined> {
  const own = builds.find((one) => one.build === build);
  const newer = builds
    .filter(({ status, startedAt }) => status === "available" && own !== undefined && startedAt > own.startedAt)
    .toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  for (const one of newer) if (await isOnItsWay(ledger, one)) return one.build;
  return undefined;
}

async function isOnItsWay(ledger: Ledger, { build }: BuildRecord): Promise<boolean> {
  const [gate, revoked, undone] = await readBatch(ledger, [gateOf(build), revocationOf(build), whetherUndone(build)]);
  return gate?.verdict === "passed" && revoked === undefined && !undone;
}
