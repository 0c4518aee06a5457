import { expect, it } from "vitest";
import type { OrganizationTree } from "../../core/organization/organization-tree.ts";
import { noPermission } from "../../core/share/launch-permission.ts";
import { listShares, type SharedAmi, type SharedChannel } from "../../core/share/list-shares.ts";
import { parseAmiId, parseBuildArn } from "../../events/ids.ts";

const owner = "111122223333";
const organization: OrganizationTree = {
  rootId: "r-exam",
  units: [
    { id: "ou-exam-workload", name: "Workloads", parent: "r-exam" },
    { id: "ou-exam-produc11", name: "Production", parent: "ou-exam-workload" },
  ],
  accounts: [
    { id: owner, name: "image-factory", parent: "r-exam", active: true },
    { id: "444455556666", name: "data-platform", parent: "r-exam", active: true },
    { id: "400000000001", name: "workload-build", parent: "ou-exam-workload", active: true },
    { id: "500000000001", name: "shop-production", parent: "ou-exam-produc11", active: true },
    { id: "500000000002", name: "closed", parent: "ou-exam-produc11", active: false },
  ],
};

const build = parseBuildArn("arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/1");
const ou = (id: string) => `arn:aws:organizations::999988887777:ou/o-exampleorgid/${id}`;
const whole = {
  ...noPermission,
  organizationArns: ["arn:aws:organizations::999988887777:organization/o-exampleorgid"],
};
const workloads = { ...noPermission, organizationalUnitArns: [ou("ou-exam-workload")] };

const ami = (rest: Partial<SharedAmi>): SharedAmi => ({
  region: "eu-west-1",
  amiId: parseAmiId("ami-0123456789abcdef0"),
  build,
  own: noPermission,
  given: rest.own ?? noPermission,
  verified: [],
  ...rest,
});
const channel = (amis: readonly SharedAmi[], audience: Partial<SharedChannel["audience"]> = {}): SharedChannel => ({
  channel: "stable",
  since: "2026-04-02T08:00:00.000Z",
  audience: { organization: false, organizationalUnits: [], accounts: [], ...audience },
  amis,
});
const list = (shared: SharedChannel) =>
  listShares(shared, organization, owner).map(({ account, state, by }) => `${account} ${state} ${by?.kind ?? "none"}`);

it("lists each active account that an OU reaches, with that OU and those that contain the account", () => {
  const shared = channel([ami({ own: workloads })], { organizationalUnits: ["ou-exam-workload"] });

  const rows = listShares(shared, organization, owner);

  expect(rows.map(({ account, units, by }) => ({ account, units, by }))).toEqual([
    { account: "400000000001", units: ["Workloads"], by: { kind: "unit", id: "ou-exam-workload", name: "Workloads" } },
    {
      account: "500000000001",
      units: ["Workloads", "Production"],
      by: { kind: "unit", id: "ou-exam-workload", name: "Workloads" },
    },
  ]);
});

it("does not list the account that owns the AMIs", () => {
  expect(list(channel([ami({ own: whole })], { organization: true }))).toEqual([
    "444455556666 shared organization",
    "400000000001 shared organization",
    "500000000001 shared organization",
  ]);
});

it("leaves to another channel's table whom only that one gave the AMI", () => {
  const given = { ...workloads, accountIds: ["444455556666"] };
  const shared = channel([ami({ own: workloads, given })], { organizationalUnits: ["ou-exam-workload"] });

  expect(list(shared)).toEqual(["400000000001 shared unit", "500000000001 shared unit"]);
});

it("lists an account that the channel covers but that has no share yet", () => {
  const own = { ...noPermission, accountIds: ["400000000001"] };
  const shared = channel([ami({ own })], { accounts: ["400000000001", "444455556666"] });

  expect(list(shared)).toEqual(["444455556666 not-yet none", "400000000001 shared account"]);
});

it("finds shares that EC2 no longer has, and permissions that the factory did not add, also of strangers", () => {
  const actual = { ...noPermission, accountIds: ["444455556666", "600000000009", "400000000001"] };
  const shared = channel([ami({ own: workloads, actual })], { organizationalUnits: ["ou-exam-workload"] });

  expect(list(shared)).toEqual([
    "444455556666 beside account",
    "400000000001 shared unit",
    "500000000001 taken unit",
    "600000000009 beside account",
  ]);
});

it("carries how far it was tried, for the account it was tried in", () => {
  const verified = [{ account: "400000000001", proof: "launched" as const, at: "2026-04-02T08:05:00.000Z" }];
  const shared = channel([ami({ own: workloads, verified })], { organizationalUnits: ["ou-exam-workload"] });

  const rows = listShares(shared, organization, owner);

  expect(rows.map((row) => row.verified?.proof)).toEqual(["launched", undefined]);
});
