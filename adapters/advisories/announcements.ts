import { keyOf } from "../../core/ledger/kinds.ts";
import type { LedgerRead } from "../ledger/reads.ts";
import type { Ledger } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const announcementWriter = /* @__PURE__ */ writer("announcement");

/**
 * Events are delivered within a day or not at all (EventBridge user guide, "Retry policy"); Lambda retries for hours.
 */
const REMEMBERED_SECONDS = 30 * 86_400;

const key = (image: string, digest: string) => keyOf("announcement", { image, digest });

/** Records an announcement before it is published: the event alone proves nothing. */
export const recordAnnounced = (ledger: Ledger, image: string, digest: string, now: Date): Promise<boolean> =>
  announcementWriter.put(ledger, key(image, digest), {
    at: now.toISOString(),
    expires: Math.floor(now.getTime() / 1000) + REMEMBERED_SECONDS,
  });

/** Whether exactly this was announced. */
export const whetherAnnounced = (image: string, digest: string): LedgerRead<boolean> => ({
  keys: [key(image, digest)],
  parse: ([item]) => item !== undefined,
});
