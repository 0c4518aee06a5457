import { expect, test } from "vitest";
import { accountPrincipal, type Principal, rolePrincipal, servicePrincipal } from "../../src/engine/principal.ts";
import { policy, trust } from "../policy.ts";
import { ask, FACTORY, iamCall, newAws, OTHER, ROLE, SESSION, withRole } from "./authorize-as.ts";

const TOPIC = `arn:aws:sns:eu-west-1:${FACTORY}:notices`;
const RULE = `arn:aws:events:eu-west-1:${FACTORY}:rule/amint/failed`;
const allow = (Principal: unknown, Action: string, more: object = {}): string =>
  policy({ Effect: "Allow", Principal, Action, Resource: "*", ...more });

test.each<[who: string, resourcePolicy: string | undefined, granted: boolean]>([
  ["no policy", undefined, false],
  ["the service named", allow({ Service: "events.amazonaws.com" }, "sns:Publish"), true],
  ["every principal named", allow("*", "sns:Publish"), true],
  ["another service named", allow({ Service: "s3.amazonaws.com" }, "sns:Publish"), false],
  [
    "its rule named",
    allow({ Service: "events.amazonaws.com" }, "sns:Publish", { Condition: { ArnEquals: { "aws:SourceArn": RULE } } }),
    true,
  ],
  [
    "another rule named",
    allow({ Service: "events.amazonaws.com" }, "sns:Publish", {
      Condition: { ArnLike: { "aws:SourceArn": `${RULE}-2` } },
    }),
    false,
  ],
  [
    "its account named",
    allow({ Service: "events.amazonaws.com" }, "sns:Publish", {
      Condition: { StringEquals: { "aws:SourceAccount": FACTORY } },
    }),
    true,
  ],
  [
    "another account named",
    allow({ Service: "events.amazonaws.com" }, "sns:Publish", {
      Condition: { StringEquals: { "aws:SourceAccount": OTHER } },
    }),
    false,
  ],
])("an AWS service with %s", (_, resourcePolicy, granted) => {
  const events = servicePrincipal("events.amazonaws.com", FACTORY, RULE);

  const answer = ask(newAws(), { action: "sns:Publish", resources: [TOPIC], resourcePolicy }, events);

  expect(answer === "granted").toBe(granted);
});

test.each<[what: string, named: unknown, identity: boolean, granted: boolean]>([
  ["the role named, nothing in its own policies", { AWS: ROLE }, false, true],
  ["the account named, nothing in its own policies", { AWS: FACTORY }, false, false],
  ["the account named, and granted by its own policies", { AWS: `arn:aws:iam::${FACTORY}:root` }, true, true],
  ["no principal named, granted by its own policies", { AWS: OTHER }, true, true],
])("a role in the resource's account with %s", async (_, named, identity, granted) => {
  const aws = await withRole(...(identity ? [{ Effect: "Allow", Action: "sns:Publish", Resource: TOPIC }] : []));

  const answer = ask(aws, { action: "sns:Publish", resources: [TOPIC], resourcePolicy: allow(named, "sns:Publish") });

  expect(answer === "granted").toBe(granted);
});

test.each<[what: string, principal: Principal, named: unknown, identity: boolean, granted: boolean]>([
  ["a role granted on both sides", SESSION, { AWS: FACTORY }, true, true],
  ["a role granted by its own account only", SESSION, { AWS: OTHER }, true, false],
  ["a role granted by the resource only", SESSION, { AWS: ROLE }, false, false],
  ["an account that the resource names", accountPrincipal(FACTORY), { AWS: FACTORY }, false, true],
  ["an account that the resource does not name", accountPrincipal(FACTORY), { AWS: OTHER }, false, false],
])("another account's resource and %s", async (_, principal, named, identity, granted) => {
  const aws = await withRole(...(identity ? [{ Effect: "Allow", Action: "sns:*", Resource: "*" }] : []));
  const resourcePolicy = allow(named, "sns:Publish");

  const answer = ask(aws, { action: "sns:Publish", resources: [TOPIC], owner: OTHER, resourcePolicy }, principal);

  expect(answer === "granted").toBe(granted);
});

test("a resource's explicit deny wins over everything, the account's own power too", () => {
  const resourcePolicy = policy({ Effect: "Deny", Principal: "*", Action: "s3:DeleteObject", Resource: "*" });

  const answer = ask(newAws(), { action: "s3:DeleteObject", resourcePolicy }, accountPrincipal(FACTORY));

  expect(answer).toMatch("with an explicit deny in a resource-based policy");
});

test("a key's policy must speak: a role's own policies count only when it lets the account decide", async () => {
  const aws = await withRole({ Effect: "Allow", Action: "kms:Decrypt", Resource: "*" });
  const asked = (named: unknown) => ({ action: "kms:Decrypt", resourcePolicy: allow(named, "kms:*") });

  const delegated = ask(aws, asked({ AWS: `arn:aws:iam::${FACTORY}:root` }));
  const silent = ask(aws, asked({ AWS: OTHER }));

  expect([delegated, silent]).toEqual(["granted", expect.stringContaining("because no resource-based policy allows")]);
});

test("a trust policy must name who assumes the role, whatever their own policies say", async () => {
  const aws = await withRole({ Effect: "Allow", Action: "sts:AssumeRole", Resource: "*" });
  const assume = (named: object | string) =>
    ask(aws, { action: "sts:AssumeRole", resources: [ROLE], resourcePolicy: trust(named as never) });

  const answers = [assume({ AWS: ROLE }), assume({ AWS: FACTORY }), assume({ Service: "lambda.amazonaws.com" })];

  expect(answers).toEqual(["granted", "granted", expect.stringContaining("not authorized")]);
});

test("NotPrincipal denies all except the named principals", async () => {
  const aws = await withRole({ Effect: "Allow", Action: "sns:Publish", Resource: "*" });
  await iamCall(aws, "CreateRole", {
    RoleName: "other",
    AssumeRolePolicyDocument: trust({ Service: "lambda.amazonaws.com" }),
  });
  const statement = { Effect: "Deny", NotPrincipal: { AWS: [ROLE] }, Action: "sns:Publish", Resource: "*" };
  const asked = { action: "sns:Publish", resources: [TOPIC], resourcePolicy: policy(statement) };

  const named = ask(aws, asked);
  const unnamed = ask(aws, asked, rolePrincipal(`arn:aws:iam::${FACTORY}:role/other`, "session"));

  expect([named, unnamed]).toEqual(["granted", expect.stringContaining("explicit deny")]);
});
