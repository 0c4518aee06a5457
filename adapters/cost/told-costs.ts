import { keyOf } from "../../core/ledger/kinds.ts";
import { absent, get, type Ledger } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const toldCostWriter = /* @__PURE__ */ writer("toldCost");

const key = (month: string) => keyOf("toldCost", { month });

const REMEMBERED_SECONDS = 100 * 86_400;

/** @param month such as `2026-04` */
export const isCostTold = async (ledger: Ledger, month: string): Promise<boolean> =>
  (await get(ledger, key(month))) !== undefined;

/** Records that a month's cost notice was sent. */
export const recordCostTold = (ledger: Ledger, month: string, now: Date): Promise<boolean> =>
  toldCostWriter.put(
    ledger,
    key(month),
    { at: now.toISOString(), expires: Math.floor(now.getTime() / 1000) + REMEMBERED_SECONDS },
    absent,
  );
