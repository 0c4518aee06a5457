import { get, type Ledger, put } from "./table.ts";

const key = (event: string, to: string) => ({ pk: `NOTICE#${event}`, sk: to });

/** Whether an event's notice reached `to` (`sns`, `slack`) before. */
export const isDelivered = async (ledger: Ledger, event: string, to: string): Promise<boolean> =>
  (await get(ledger, key(event, to))) !== undefined;

export const recordDelivered = (ledger: Ledger, event: string, to: string): Promise<boolean> =>
  put(ledger, key(event, to), { delivered: true });
