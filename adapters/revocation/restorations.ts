import * as z from "zod";
import { below, keyOf } from "../../core/ledger/kinds.ts";
import type { BuildArn } from "../../events/ids.ts";
import { type Ledger, query } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const restorationWriter = /* @__PURE__ */ writer("restoration");

const restoration = z.object({
  by: z.string(),
  reason: z.string(),
  at: z.iso.datetime(),
  /** The revocation that it ended; left out of a build that was only retired. */
  revoked: z.object({ by: z.string(), reason: z.string(), at: z.iso.datetime() }).optional(),
});

/** That a build was restored. */
export type Restoration = z.output<typeof restoration>;

const key = (build: BuildArn, { at, revoked }: Restoration) => keyOf("restoration", { build, at: revoked?.at ?? at });

/** One for each revocation, also where its restoration is tried several times. */
export const recordRestoration = (ledger: Ledger, build: BuildArn, one: Restoration): Promise<boolean> =>
  restorationWriter.put(ledger, key(build, one), one);

/** The oldest first. */
export const listRestorations = async (ledger: Ledger, build: BuildArn): Promise<Restoration[]> =>
  (await query(ledger, below("restoration", { build })))
    .filter(({ sk }) => String(sk).startsWith(`${build}#`))
    .map((item) => restoration.parse(item));
