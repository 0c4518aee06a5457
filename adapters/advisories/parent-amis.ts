import * as z from "zod";
import { keyOf } from "../../core/ledger/kinds.ts";
import { amiId } from "../../events/ids.ts";
import { itemRead, type LedgerRead } from "../ledger/reads.ts";
import type { Ledger } from "../ledger/table.ts";
import { writer } from "../ledger/writer.ts";

const parentAmiWriter = /* @__PURE__ */ writer("parentAmi");

const record = z.object({
  /** The AMI that was last resolved, its pattern and its creation time. */
  resolved: z
    .object({ pattern: z.string(), ami: amiId, name: z.string(), createdAt: z.iso.datetime() })
    .exactOptional(),
  /** The reported reason while no newer AMI can be used. */
  unresolved: z.object({ pattern: z.string(), code: z.string(), since: z.iso.datetime() }).exactOptional(),
});

/** The records of an image's parent by owner and name. */
export type ParentAmi = z.output<typeof record>;

const key = (image: string) => keyOf("parentAmi", { image });

export const parentAmiOf = (image: string): LedgerRead<ParentAmi | undefined> => itemRead(key(image), record);

export const recordParentAmi = (ledger: Ledger, image: string, known: ParentAmi): Promise<boolean> =>
  parentAmiWriter.put(ledger, key(image), known);
