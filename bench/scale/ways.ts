import type { z } from "zod";
import type { shareSchema } from "../../core/factory/share-schema.ts";
import { accountId, below, TAG, unitId } from "./large-organization.ts";

/** One way of sharing, and the allowed cost of a promotion. */
export interface Way {
  readonly name: string;
  readonly share: z.input<typeof shareSchema>;
  /** EC2 calls in a region. */
  readonly mostCalls: number;
}

const tops = below("root").map(unitId);
const second = below(0).map(unitId);
const exceptUnits = below(5).map(unitId);

export const ways: readonly Way[] = [
  { name: "the organization", share: { organization: true }, mostCalls: 6 },
  { name: "organizational units", share: { organizationalUnits: tops.slice(1) }, mostCalls: 6 },
  {
    name: "OUs with exceptions",
    share: {
      organizationalUnits: [...tops.slice(1), ...second],
      except: { organizationalUnits: exceptUnits, accounts: [accountId(42), accountId(4_242)] },
    },
    mostCalls: 6,
  },
  {
    name: "900 accounts",
    share: { accounts: Array.from({ length: 900 }, (_, nth) => accountId(nth * 11)) },
    mostCalls: 10,
  },
  { name: "accounts by a tag", share: { accountTags: TAG }, mostCalls: 10 },
];
