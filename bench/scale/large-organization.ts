import type { OrganizationSeed } from "embedded-aws/seeds";
import { sized } from "../measure/sized.ts";

export const FACTORY = "111122223333";
export const MANAGEMENT = "999988887777";
export const ORGANIZATION = "o-exampleorgid";
const OUS = sized(500, 50);

/** Four OUs below the root, four below each of them, and so on, up to five levels. */
const BELOW_EACH = 4;
/** One in this many accounts has the tag. */
const TAGGED_EVERY = 33;
export const TAG = { images: "golden" };

type Unit = NonNullable<OrganizationSeed["units"]>[number];

export const unitId = (nth: number): string => `ou-exam-${String(nth).padStart(8, "0")}`;
export const accountId = (nth: number): string => String(200_000_000_000 + nth);

/** The OUs directly below an OU, or below the root. */
export const below = (nth: number | "root"): number[] => {
  const first = nth === "root" ? 0 : (nth + 1) * BELOW_EACH;
  return Array.from({ length: BELOW_EACH }, (_, one) => first + one).filter((one) => one < OUS);
};

/** Ten accounts in every other OU, thirty in the others: one page of Organizations' list, or two. */
const accountsIn = (nth: number): number[] => {
  const pair = Math.floor(nth / 2) * 40;
  return nth % 2 === 0
    ? Array.from({ length: 10 }, (_, one) => pair + one)
    : Array.from({ length: 30 }, (_, one) => pair + 10 + one);
};

const makeOu = (nth: number): Unit => ({
  id: unitId(nth),
  name: `ou-${nth}`,
  accounts: accountsIn(nth).map((account) => ({
    id: accountId(account),
    name: `account-${account}`,
    ...(account % TAGGED_EVERY === 0 && { tags: TAG }),
  })),
  units: below(nth).map(makeOu),
});

/** Twenty accounts per OU: ten thousand in five hundred OUs on five levels, and the factory's and the management account. */
export const largeOrganization = (): OrganizationSeed => ({
  id: ORGANIZATION,
  rootId: "r-exam",
  management: { id: MANAGEMENT, name: "management" },
  accounts: [{ id: FACTORY, name: "image-factory" }],
  units: below("root").map(makeOu),
});
