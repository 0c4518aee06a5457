import * as z from "zod";
import { keyOf } from "../../core/ledger/kinds.ts";
import type { BuildArn } from "../../events/ids.ts";
import { itemRead, type LedgerRead, read } from "../ledger/reads.ts";
import { absent, type Ledger } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const urgentRequestWriter = /* @__PURE__ */ writer("urgentRequest");

const request = z.object({ by: z.string().min(1), reason: z.string().min(1), at: z.iso.datetime() });

/** A person's request to promote a build by the urgent times of its channels. */
export type UrgentRequest = z.output<typeof request>;

export const urgentRequestOf = (build: BuildArn): LedgerRead<UrgentRequest | undefined> =>
  itemRead(keyOf("urgentRequest", { build }), request);

export const findUrgentRequest = (ledger: Ledger, build: BuildArn): Promise<UrgentRequest | undefined> =>
  read(ledger, urgentRequestOf(build));

/** Keeps the first request. @returns false where one exists */
export const recordUrgentRequest = (ledger: Ledger, build: BuildArn, one: UrgentRequest): Promise<boolean> =>
  urgentRequestWriter.put(ledger, keyOf("urgentRequest", { build }), one, absent);
