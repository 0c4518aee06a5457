import { type BuildRecord, buildOf } from "../../adapters/build/builds.ts";
import { claimOf, startedBy, whetherPending } from "../../adapters/build/claims.ts";
import { type SuppressedReason, suppressedBy } from "../../adapters/build/reasons.ts";
import { listRead, readBatchOf } from "../../adapters/ledger/reads.ts";
import type { Advisory } from "../../core/advisories/feed.ts";
import { reasonTokens } from "../../core/build/reasons.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import type { WatchedImage } from "./watch-run.ts";

/** What became of an image's open advisories, each by its token as a trigger, and of its promoted build. */
export interface KnownReasons {
  /** Whether the image is being built. */
  readonly building: boolean;
  readonly waiting: ReadonlySet<string>;
  /** Why a trigger started nothing on arrival. */
  readonly ignored: ReadonlyMap<string, SuppressedReason>;
  readonly started: ReadonlyMap<string, BuildArn>;
  /** The promoted build's record. */
  readonly record: BuildRecord | undefined;
}

const none: KnownReasons = {
  building: false,
  waiting: new Set(),
  ignored: new Map(),
  started: new Map(),
  record: undefined,
};

/** The token of one advisory as a trigger of the image. */
export function tokenFor(image: string, build: BuildArn, advisory: string): string {
  const [token = ""] = reasonTokens(image, { kind: "packages", build, advisories: [], others: [advisory] }, "");
  return token;
}

/** For all images at once: mostly one call, because most advisories of a promoted build are fixed by the next one. */
export async function readReasons(
  watched: readonly WatchedImage[],
  open: ReadonlyMap<string, readonly Advisory[]>,
  { ledger }: Pick<Invocation, "ledger">,
): Promise<(image: string) => KnownReasons> {
  const asked = watched.flatMap(({ image, promoted: { build } }) => {
    const tokens = (open.get(image) ?? []).map(({ id }) => tokenFor(image, build, id));
    return tokens.length > 0 ? [{ image, build, tokens: [...new Set(tokens)] }] : [];
  });
  const found = await readBatchOf(ledger, asked, ({ image, build, tokens }) => [
    claimOf(image),
    listRead(tokens.map((token) => whetherPending(image, token))),
    listRead(tokens.map((token) => suppressedBy(image, token))),
    listRead(tokens.map((token) => startedBy(image, token))),
    buildOf(image, build),
  ]);
  const known = new Map(
    [...found].map(([{ image, tokens }, [claim, pending, ignored, started, record]]): [string, KnownReasons] => {
      const byToken = <Found>(all: readonly (Found | undefined)[]) =>
        new Map(tokens.flatMap((token, n) => (all[n] === undefined ? [] : [[token, all[n]] as const])));
      const waiting = new Set(tokens.filter((_, n) => pending[n]));
      return [
        image,
        { building: claim !== undefined, waiting, ignored: byToken(ignored), started: byToken(started), record },
      ];
    }),
  );
  return (image) => known.get(image) ?? none;
}
