import type { z } from "zod";
import type { shareSchema } from "../../core/factory/share-schema.ts";
import { sized } from "../measure/sized.ts";
import { accountId, below, TAG, unitId } from "./large-organization.ts";

/** One way of sharing, and the allowed cost of a promotion. */
export interface Way {
  readonly name: string;
  readonly share: z.input<typeof shareSchema>;
  /**
   * EC2 calls in a region. Sharing takes four: read the permissions, add, mark, read back. Verification reads the snapshots'
   * keys. Before the share and before the parameter is written, EC2 describes the AMI, because the ledger alone proves nothing.
   */
  readonly mostCalls: number;
}

const tops = below("root").map(unitId);
const second = below(0).map(unitId);
const LISTED = sized(900, 90);
const exceptUnits = below(5).map(unitId);

export const ways: readonly Way[] = [
  { name: "the organization", share: { organization: true }, mostCalls: 7 },
  { name: "organizational units", share: { organizationalUnits: tops.slice(1) }, mostCalls: 7 },
  {
    name: "OUs with exceptions",
    share: {
      organizationalUnits: [...tops.slice(1), ...second],
      except: { organizationalUnits: exceptUnits, accounts: [accountId(42), accountId(sized(4_242, 424))] },
    },
    mostCalls: 7,
  },
  {
    name: `${LISTED} accounts`,
    share: { accounts: Array.from({ length: LISTED }, (_, nth) => accountId(nth * 11)) },
    mostCalls: 10,
  },
  { name: "accounts by a tag", share: { accountTags: TAG }, mostCalls: 10 },
];
