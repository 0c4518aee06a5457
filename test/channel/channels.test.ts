import { expect, test } from "vitest";
import { decideMove } from "../../core/channel/decide-move.ts";
import { entities, missingFrom, toLaunchPermission, union } from "../../core/share/launch-permission.ts";
import { parseBuildArn } from "../../events/ids.ts";

const at = (n: number) => ({
  build: parseBuildArn(`arn:aws:imagebuilder:eu-west-1:111122223333:image/acme-base/1.0.0/${n}`),
  startedAt: `2026-04-0${n}T00:00:00.000Z`,
});

test("an empty channel accepts a build", () => {
  expect(decideMove(undefined, at(1))).toEqual({ kind: "move", previous: undefined });
});

test("a newer build replaces an older one, and the older one is remembered", () => {
  expect(decideMove(at(1), at(2))).toEqual({ kind: "move", previous: at(1).build });
});

test("a late promotion of an older build never moves a channel back", () => {
  expect(decideMove(at(2), at(1))).toEqual({ kind: "superseded", by: at(2).build });
});

test("a repeated move changes nothing", () => {
  expect(decideMove(at(2), at(2))).toEqual({ kind: "already-there" });
});

const organization = { organization: { id: "o-exampleorgid", managementAccountId: "999988887777" } };

test("a share becomes full ARNs, owned by the management account, in the deployment's partition", () => {
  const share = { organization: true as const, organizationalUnits: ["ou-exam-workload"], accounts: ["444455556666"] };
  expect(toLaunchPermission(organization, share, "aws-cn")).toEqual({
    organizationArns: ["arn:aws-cn:organizations::999988887777:organization/o-exampleorgid"],
    organizationalUnitArns: ["arn:aws-cn:organizations::999988887777:ou/o-exampleorgid/ou-exam-workload"],
    accountIds: ["444455556666"],
  });
});

test("only missing permissions are added, and only those are removed again", () => {
  const present = { organizationArns: [], organizationalUnitArns: ["ou-a"], accountIds: ["1"] };
  const wanted = { organizationArns: ["o"], organizationalUnitArns: ["ou-a", "ou-b"], accountIds: [] };
  expect(entities(missingFrom(present, wanted))).toEqual(["o", "ou-b"]);
  expect(entities(union(present, wanted))).toEqual(["o", "ou-a", "ou-b", "1"]);
});
