import { CreateRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { checkPeople } from "../../../cli/factory/check-people.ts";
import { choosesSessionName } from "../../../core/approval/check-trust.ts";
import { openWorld } from "../../world/world.ts";

const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const ofAccount = { Effect: "Allow", Principal: { AWS: "arn:aws:iam::111122223333:root" }, Action: "sts:AssumeRole" };
const pin = (operator: string, name: string | string[]) => ({
  Condition: { [operator]: { "sts:RoleSessionName": name } },
});

test.each([
  ["the account's principals", policy(ofAccount), true],
  ["any session name", policy({ ...ofAccount, ...pin("StringLike", "*") }), true],
  ["every name but one", policy({ ...ofAccount, ...pin("StringNotEquals", "ada") }), true],
  ["another key", policy({ ...ofAccount, Condition: { StringEquals: { "sts:ExternalId": "x" } } }), true],
  ["a wildcard action", policy({ ...ofAccount, Action: ["sts:*"] }), true],
  ["web identities", policy({ ...ofAccount, Action: "sts:AssumeRoleWithWebIdentity" }), true],
  ["one of two statements", policy({ ...ofAccount, ...pin("StringEquals", "ada") }, ofAccount), true],
  ["the caller's own name", policy({ ...ofAccount, ...pin("StringEquals", "${aws:username}") }), false],
  ["a pattern", policy({ ...ofAccount, ...pin("StringLike", ["*@example.com"]) }), false],
  [
    "SAML, whose assertion says it",
    policy({ ...ofAccount, Action: ["sts:AssumeRoleWithSAML", "sts:TagSession"] }),
    false,
  ],
  ["services", policy({ ...ofAccount, Principal: { Service: ["ec2.amazonaws.com"] } }), false],
  ["a denied principal", policy({ ...ofAccount, Effect: "Deny" }), false],
])("a trust policy for %s", (_, text, chooses) => {
  expect(choosesSessionName(text)).toBe(chooses);
});

test("approvers whom anyone with their role can impersonate are reported as warnings", async () => {
  const { client, factory: plain } = await openWorld();
  const iam = client(IAMClient);
  const session = (account: string, role: string, name: string) =>
    `arn:aws:sts::${account}:assumed-role/${role}/${name}`;
  const people = {
    ada: { principals: ["arn:aws:iam::111122223333:user/ada", session("111122223333", "Platform", "ada@example.com")] },
    grace: { principals: [session("111122223333", "Gone", "grace"), session("200000000001", "Security", "grace")] },
    robots: { principals: [session("111122223333", "Platform", "*")] },
  };
  const role = { RoleName: "Platform", AssumeRolePolicyDocument: policy(ofAccount) };
  await iam.send(new CreateRoleCommand(role));

  const open = await checkPeople({ ...plain, people }, "111122223333", iam);
  const PolicyDocument = policy({ ...ofAccount, ...pin("StringEquals", "${aws:username}") });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: "Platform", PolicyDocument }));
  const pinned = await checkPeople({ ...plain, people }, "111122223333", iam);

  expect(open).toEqual([
    {
      where: "people.ada.principals[1]",
      what: 'anyone who may assume the role Platform can be "ada@example.com": its trust policy does not pin sts:RoleSessionName',
      fix: 'add to the trust policy of Platform a condition such as "StringEquals": {"sts:RoleSessionName": "${aws:username}"}',
      warning: true,
    },
  ]);
  expect(pinned).toEqual([]);
});
