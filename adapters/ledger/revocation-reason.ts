import type { BuildArn } from "../../events/ids.ts";
import { findRevocation } from "./revocations.ts";
import type { Ledger } from "./table.ts";

/** Why somebody revoked a build; undefined where nobody did. */
export const findRevocationReason = async (ledger: Ledger, build: BuildArn): Promise<string | undefined> =>
  (await findRevocation(ledger, build))?.reason;
