import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { shareSchema } from "../../core/factory/share-schema.ts";
import { type Account, indexTree, type OrganizationTree } from "../../core/organization/organization-tree.ts";
import { checkShare } from "../../core/share/check-share.ts";
import { findReached, resolveShare } from "../../core/share/resolve-share.ts";

const root = "r-exam";
const unitId = (nth: number) => `ou-exam-unit${String(nth).padStart(4, "0")}`;
const accountId = (nth: number) => String(100_000_000_000 + nth);

/** OUs are below earlier ones or the root; accounts below any; some are suspended, some have a tag. */
const organizations: fc.Arbitrary<OrganizationTree> = fc
  .record({
    parents: fc.array(fc.nat(), { maxLength: 12 }),
    accounts: fc.array(fc.record({ parent: fc.nat(), active: fc.boolean(), tagged: fc.boolean() }), { maxLength: 30 }),
  })
  .map(({ parents, accounts }) => {
    const units = parents.map((parent, nth) => ({
      id: unitId(nth),
      name: `ou ${nth}`,
      parent: nth === 0 || parent % (nth + 1) === nth ? root : unitId(parent % nth),
    }));
    return {
      rootId: root,
      units,
      accounts: accounts.map(({ parent, active, tagged }, nth) => ({
        id: accountId(nth),
        name: `account ${nth}`,
        parent: units.length > 0 && parent % (units.length + 1) > 0 ? unitId(parent % units.length) : root,
        active,
        tags: tagged ? { images: "golden" } : {},
      })),
    };
  });

const someOf = (prefix: (nth: number) => string, most: number) =>
  fc.uniqueArray(fc.nat(most).map(prefix), { maxLength: 4 });
const shares = fc
  .record({
    organization: fc.boolean(),
    organizationalUnits: someOf(unitId, 12),
    accounts: someOf(accountId, 30),
    tagged: fc.boolean(),
    except: fc.record({ organizationalUnits: someOf(unitId, 12), accounts: someOf(accountId, 30) }),
  })
  .filter((share) => share.organization || share.tagged || share.organizationalUnits.length + share.accounts.length > 0)
  .map(({ organization, tagged, ...rest }) =>
    shareSchema.parse({
      ...rest,
      ...(organization && { organization: true }),
      ...(tagged && { accountTags: { images: "golden" } }),
    }),
  );

/** Account by account, from the words of the config. */
function isMeant(
  { id, parent, active, tags = {} }: Account,
  share: ReturnType<typeof shareSchema.parse>,
  path: readonly string[],
) {
  const { organization, organizationalUnits, accounts, accountTags, except } = share;
  const named =
    organization ||
    accounts.includes(id) ||
    path.some((unit) => organizationalUnits.includes(unit)) ||
    (accountTags !== undefined && tags.images === "golden");
  const leftOut = except?.accounts.includes(id) || path.some((unit) => except?.organizationalUnits.includes(unit));
  return active && named && !leftOut && parent !== "";
}

describe("who a share reaches", () => {
  it("is who the config means, no more and no less", () => {
    return fc.assert(
      fc.property(organizations, shares, (organization, share) => {
        const tree = indexTree(organization);
        const meant = organization.accounts.filter((account) => isMeant(account, share, tree.pathOf(account.parent)));

        const audience = resolveShare(share, organization);

        expect(findReached(audience, organization)).toEqual(meant);
      }),
      { numRuns: 2_000 },
    );
  });

  it("has as few entries as possible: nothing twice, no account by its id that an OU covers", () => {
    return fc.assert(
      fc.property(organizations, shares, (organization, share) => {
        const tree = indexTree(organization);

        const audience = resolveShare(share, organization);

        for (const unit of audience.organizationalUnits) {
          const above = tree.pathOf(unit).slice(1);
          expect(audience.organization || above.some((other) => audience.organizationalUnits.includes(other))).toBe(
            false,
          );
        }
        for (const id of audience.accounts) {
          const path = tree.pathOf(tree.account(id)?.parent ?? "");
          expect(audience.organization || path.some((unit) => audience.organizationalUnits.includes(unit))).toBe(false);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("a share in its organization", () => {
  const organization: OrganizationTree = {
    rootId: root,
    units: [
      { id: "ou-exam-workload", name: "Workloads", parent: root },
      { id: "ou-exam-produc11", name: "Production", parent: "ou-exam-workload" },
      { id: "ou-exam-sandbox1", name: "Sandbox", parent: root },
    ],
    accounts: [
      { id: "400000000001", name: "build", parent: "ou-exam-workload", active: true },
      { id: "500000000001", name: "shop", parent: "ou-exam-produc11", active: true },
      { id: "200000000001", name: "left", parent: "ou-exam-sandbox1", active: false },
    ],
  };
  const faults = (share: object) => checkShare("share", shareSchema.parse(share), organization);

  it.each([
    [
      { organizationalUnits: ["ou-exam-nowhere1"] },
      'share.organizationalUnits[0]: expected an organizational unit of the organization, found "ou-exam-nowhere1"',
    ],
    [
      { organizationalUnits: ["ou-exam-workload"], accounts: ["111122223333"] },
      'share.accounts[0]: expected an account of the organization, found "111122223333"',
    ],
    [
      { organizationalUnits: ["ou-exam-workload"], accounts: ["200000000001"] },
      'share.accounts[0]: expected an active account, found "200000000001" (left), which is suspended',
    ],
    [
      { organizationalUnits: ["ou-exam-workload"], accounts: ["500000000001"], except: { accounts: ["500000000001"] } },
      'share.except.accounts[0]: "500000000001" is both shared with and excluded; name it in one place',
    ],
    [
      { organizationalUnits: ["ou-exam-produc11"], except: { organizationalUnits: ["ou-exam-workload"] } },
      'share.except.organizationalUnits[0]: "ou-exam-workload" is excluded, but its OU "ou-exam-produc11" is shared with; name it in one place',
    ],
    [
      { organizationalUnits: ["ou-exam-workload"], except: { organizationalUnits: ["ou-exam-sandbox1"] } },
      'share.except.organizationalUnits[0]: expected an OU or account that the share includes, found "ou-exam-sandbox1": nothing to exclude',
    ],
    [{ accountTags: { images: "golden" } }, "share: expected at least one recipient, found none"],
  ])("that contradicts itself is refused: %j", (share, fault) => {
    expect(faults(share)).toContain(fault);
  });

  it("is well where it names what there is", () => {
    expect(faults({ organization: true, except: { organizationalUnits: ["ou-exam-sandbox1"] } })).toEqual([]);
    expect(faults({ organizationalUnits: ["ou-exam-workload"], except: { accounts: ["500000000001"] } })).toEqual([]);
  });

  it("with more accounts than EC2 takes is refused with numbers", () => {
    const accounts = Array.from({ length: 1_201 }, (_, nth) => ({
      id: accountId(nth),
      name: `account ${nth}`,
      parent: "ou-exam-workload",
      active: true,
    }));
    const share = shareSchema.parse({
      organizationalUnits: ["ou-exam-workload"],
      except: { accounts: [accountId(7)] },
    });

    expect(checkShare("share", share, { ...organization, accounts })).toEqual([
      "share: expected at most 1000 organizations, OUs and accounts for an AMI in a region, found 1201 (1200 of them accounts); share with whole OUs, or exclude whole OUs",
    ]);
  });
});
