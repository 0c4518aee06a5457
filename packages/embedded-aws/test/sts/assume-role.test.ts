import { AssumeRoleCommand, type AssumeRoleCommandOutput, STS } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { inProcessHandler } from "../../src/in-process-handler.ts";
import { seedOrganization } from "../../src/services/organizations/seed-organization.ts";
import { expectRefusal } from "../expect-refusal.ts";

const FACTORY = "111122223333";
const CONSUMER = "222233334444";
const STRANGER = "555566667777";
const HOUR = 3_600_000;

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

const account = (id: string): Credentials => ({ accessKeyId: id, secretAccessKey: "any" });

/** A role of the factory's account with this trust policy. */
async function withRole(statement: object, maxSessionDuration?: number) {
  const clock = new VirtualClock(Date.UTC(2026, 3, 1, 8));
  const aws = createAws({ clock });
  seedOrganization(aws, {
    id: "o-exampleorg1",
    management: { id: "999988887777", name: "management" },
    accounts: [FACTORY, CONSUMER].map((id) => ({ id, name: id })),
  });
  const trust = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", ...statement }] };
  await aws.call(
    "iam",
    "CreateRole",
    { RoleName: "reader", AssumeRolePolicyDocument: JSON.stringify(trust), MaxSessionDuration: maxSessionDuration },
    { principal: accountPrincipal(FACTORY), region: "us-east-1" },
  );
  const as = (credentials: Credentials) =>
    new STS({ region: "eu-west-1", credentials, requestHandler: inProcessHandler(aws) });
  return { clock, as };
}

const assume = (more: object = {}) =>
  new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${FACTORY}:role/reader`, RoleSessionName: "look", ...more });

const keysOf = ({ Credentials: keys }: AssumeRoleCommandOutput) => ({
  accessKeyId: keys?.AccessKeyId ?? "",
  secretAccessKey: keys?.SecretAccessKey ?? "",
  sessionToken: keys?.SessionToken ?? "",
});

test("An account that the trust policy names gets keys, and is then the role's session", async () => {
  const { as } = await withRole({ Principal: { AWS: `arn:aws:iam::${CONSUMER}:root` } });

  const assumed = await as(account(CONSUMER)).send(assume());
  const who = await as(keysOf(assumed)).getCallerIdentity({});

  const arn = `arn:aws:sts::${FACTORY}:assumed-role/reader/look`;
  expect(assumed.Credentials?.AccessKeyId).toMatch(/^ASIA[0-9A-Z]{16}$/);
  expect(assumed.AssumedRoleUser?.Arn).toBe(arn);
  expect(who).toMatchObject({ Account: FACTORY, Arn: arn, UserId: assumed.AssumedRoleUser?.AssumedRoleId });
});

test("Keys end when AWS says they end", async () => {
  const { as, clock } = await withRole({ Principal: { AWS: `arn:aws:iam::${CONSUMER}:root` } });
  const assumed = await as(account(CONSUMER)).send(assume());

  await clock.runUntil(clock.now() + HOUR);
  await expectRefusal(as(keysOf(assumed)).getCallerIdentity({}), "ExpiredToken");
  expect(assumed.Credentials?.Expiration).toEqual(new Date(clock.now()));
});

test("Whom the trust policy does not name is denied, like one who asks for a role that does not exist", async () => {
  const { as } = await withRole({ Principal: { AWS: `arn:aws:iam::${CONSUMER}:root` } });

  const stranger = as(account(STRANGER)).send(assume());
  const none = as(account(CONSUMER)).send(assume({ RoleArn: `arn:aws:iam::${FACTORY}:role/none` }));

  for (const refused of [stranger, none]) {
    await expect(refused).rejects.toMatchObject({
      name: "AccessDenied",
      message: expect.stringContaining(
        "is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/",
      ),
      $metadata: expect.objectContaining({ httpStatusCode: 403 }),
    });
  }
});

test("A role for the organization can be assumed only by its members", async () => {
  const { as } = await withRole({
    Principal: { AWS: "*" },
    Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorg1" } },
  });

  const member = await as(account(CONSUMER)).send(assume());
  const stranger = as(account(STRANGER)).send(assume());

  expect(member.AssumedRoleUser?.Arn).toContain("assumed-role/reader/look");
  await expectRefusal(stranger, "AccessDenied");
});

test("A role with an external id wants it", async () => {
  const { as } = await withRole({
    Principal: { AWS: `arn:aws:iam::${STRANGER}:root` },
    Condition: { StringEquals: { "sts:ExternalId": "shared-secret" } },
  });
  const client = as(account(STRANGER));

  const without = client.send(assume());
  const withIt = await client.send(assume({ ExternalId: "shared-secret" }));

  await expectRefusal(without, "AccessDenied");
  expect(withIt.Credentials).toBeDefined();
});

test("A session is as long as the role allows, and no longer", async () => {
  const { as } = await withRole({ Principal: { AWS: `arn:aws:iam::${CONSUMER}:root` } }, 7200);
  const client = as(account(CONSUMER));

  const two = await client.send(assume({ DurationSeconds: 7200 }));
  const three = client.send(assume({ DurationSeconds: 10_800 }));
  const short = client.send(assume({ DurationSeconds: 60 }));
  const unnamed = client.send(assume({ RoleSessionName: "a b" }));

  expect(two.Credentials?.Expiration).toEqual(new Date(Date.UTC(2026, 3, 1, 10)));
  await expect(three).rejects.toThrow("exceeds the MaxSessionDuration set for this role");
  await expect(short).rejects.toThrow("Member must have value greater than or equal to 900");
  await expect(unnamed).rejects.toThrow("at 'roleSessionName' failed to satisfy constraint");
});

test("A session policy is not silently ignored", async () => {
  const { as } = await withRole({ Principal: { AWS: `arn:aws:iam::${CONSUMER}:root` } });

  await expectRefusal(as(account(CONSUMER)).send(assume({ Policy: "{}" })), "NotImplemented");
});
