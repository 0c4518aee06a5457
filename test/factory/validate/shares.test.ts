import type { OrganizationSeed } from "embedded-aws/seeds";
import { expect, test } from "vitest";
import type { Finding } from "../../../cli/factory/finding.ts";
import { organization } from "../../world/organization.ts";
import { openValidated } from "./validated-world.ts";

const at = "images.base.channels[0].share";
const inWords = (findings: readonly Finding[]) => findings.map((one) => `${one.where}: ${one.what}`);

/** With an account that is suspended. */
const seed: OrganizationSeed = {
  ...organization,
  accounts: [...(organization.accounts ?? []), { id: "700000000001", name: "closed-shop", status: "SUSPENDED" }],
};

test.each<[what: string, share: NonNullable<Parameters<typeof openValidated>[0]>["share"], found: string[]]>([
  [
    "an OU that does not exist",
    { organizationalUnits: ["ou-exam-workload", "ou-exam-nowhere1"] },
    [`${at}.organizationalUnits[1]: expected an organizational unit of the organization, found "ou-exam-nowhere1"`],
  ],
  [
    "an account outside",
    { accounts: ["600000000009", "400000000001"] },
    [`${at}.accounts[0]: expected an account of the organization, found "600000000009"`],
  ],
  [
    "a suspended account",
    { accounts: ["700000000001", "400000000001"] },
    [`${at}.accounts[0]: expected an active account, found "700000000001" (closed-shop), which is suspended`],
  ],
  [
    "what is shared with and left out at once",
    { organizationalUnits: ["ou-exam-workload"], except: { organizationalUnits: ["ou-exam-workload"] } },
    [
      `${at}.except.organizationalUnits[0]: "ou-exam-workload" is both shared with and excluded; name it in one place`,
      `${at}: expected at least one recipient, found none`,
    ],
  ],
  [
    "an exception that leaves out nothing",
    { organizationalUnits: ["ou-exam-sandbox1"], except: { accounts: ["500000000001"] } },
    [
      `${at}.except.accounts[0]: expected an OU or account that the share includes, found "500000000001": nothing to exclude`,
    ],
  ],
  [
    "tags that no account has",
    { accountTags: { images: "silver" } },
    [`${at}: expected at least one recipient, found none`],
  ],
])("%s is found", async (_, share, found) => {
  const world = await openValidated({ seed, share: share ?? {} });

  const findings = await world.findings();

  expect(inWords(findings)).toEqual(found);
  for (const { fix } of findings) expect(fix).toBe("change it in factory.config.ts");
});

test("more than 1,000 entities are found with their number", async () => {
  const many = Array.from({ length: 1_001 }, (_, nth) => ({
    id: String(700_000_000_000 + nth),
    name: `account-${nth}`,
  }));
  const world = await openValidated({
    seed: {
      ...organization,
      units: [...(organization.units ?? []), { name: "Many", id: "ou-exam-many0001", accounts: many }],
    },
    share: { organization: true, except: { accounts: ["700000000000"] } },
  });

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([
    `${at}: expected at most 1000 organizations, OUs and accounts for an AMI in a region, found 1005 (1003 of them accounts); share with whole OUs, or exclude whole OUs`,
  ]);
});

test("tags that the ledger knows are not read again", async () => {
  const world = await openValidated({
    share: { accountTags: { images: "golden" } },
    known: [{ id: "444455556666", name: "data-platform", parent: "r-exam", active: true, tags: {} }],
  });

  const { findings, organization: tree } = await world.look();

  expect(findings).toEqual([]);
  expect(tree?.accounts.find(({ id }) => id === "444455556666")?.tags).toEqual({});
  expect(tree?.accounts.find(({ id }) => id === "400000000001")?.tags).toEqual({ images: "golden" });
});

test("a root that is not the organization's, and consumers that get no role, are found", async () => {
  const world = await openValidated({
    seed,
    factory: {
      organization: { id: "o-exampleorgid", managementAccountId: "999988887777", rootId: "r-else" },
      consumers: {
        organizationalUnits: ["ou-exam-workload", "ou-exam-nowhere1"],
        verify: ["400000000001", "200000000001", "700000000001"],
        canary: { account: "600000000009" },
      },
    },
  });

  const findings = await world.findings();

  expect(inWords(findings)).toEqual([
    'consumers.organizationalUnits[1]: expected an organizational unit of the organization, found "ou-exam-nowhere1"',
    'consumers.verify[1]: expected an account in consumers.organizationalUnits, found "200000000001" (sandbox-ada) in none of them',
    'consumers.verify[2]: expected an active account, found "700000000001" (closed-shop), which is suspended',
    'consumers.canary.account: expected an account of the organization, found "600000000009"',
    'organization.rootId: expected "r-exam", found "r-else"',
  ]);
});
