import { keyOf } from "../../core/ledger/kinds.ts";
import { absent, get, type Ledger } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const reportedCostWriter = /* @__PURE__ */ writer("reportedCost");

const key = (month: string) => keyOf("reportedCost", { month });

const REMEMBERED_SECONDS = 100 * 86_400;

/** @param month such as `2026-04` */
export const isCostReported = async (ledger: Ledger, month: string): Promise<boolean> =>
  (await get(ledger, key(month))) !== undefined;

/** Records that a month's cost notice was sent. */
export const recordCostReported = (ledger: Ledger, month: string, now: Date): Promise<boolean> =>
  reportedCostWriter.put(
    ledger,
    key(month),
    { at: now.toISOString(), expires: Math.floor(now.getTime() / 1000) + REMEMBERED_SECONDS },
    absent,
  );
