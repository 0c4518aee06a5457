import { type Ledger, put } from "./table.ts";
import type { Wanted } from "./wanted.ts";

const key = (event: string, to: string) => ({ pk: `NOTICE#${event}`, sk: to });

/** Whether an event's notice reached `to` (`sns`, `slack`) before. */
export const whetherDelivered = (event: string, to: string): Wanted<boolean> => ({
  key: key(event, to),
  parse: (item) => item !== undefined,
});

export const recordDelivered = (ledger: Ledger, event: string, to: string): Promise<boolean> =>
  put(ledger, key(event, to), { delivered: true });
