import { CloudTrailClient, PutEventSelectorsCommand, StopLoggingCommand } from "@aws-sdk/client-cloudtrail";
import { CreateRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from "@aws-sdk/client-iam";
import { EnableCommand } from "@aws-sdk/client-inspector2";
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { expect, test } from "vitest";
import { storeSlackSecret } from "../../../adapters/notice/slack-secrets.ts";
import { checkPeople } from "../../../cli/factory/check-people.ts";
import { checkSlackSecrets } from "../../../cli/factory/check-slack.ts";
import { report } from "../../../cli/factory/validate.ts";
import { choosesSessionName } from "../../../core/approval/check-trust.ts";
import { factorySchema } from "../../../core/factory/factory-schema.ts";
import { noteRenamedKeys } from "../../../core/factory/renamed-keys.ts";
import { HOME } from "../../world/factory-of.ts";
import { MANAGEMENT } from "../../world/organization.ts";
import { openWorld } from "../../world/world.ts";
import { openValidated } from "./validated-world.ts";

test("a mirror that the config leaves unverified is a warning, not an error", async () => {
  const world = await openValidated({ factory: { feeds: { unverified: ["al2023"] } } });

  const validation = await world.look();

  expect(validation.findings).toEqual([
    {
      where: "feeds.unverified",
      what: "the mirror of al2023 is read without a signature",
      fix: "give the mirror's OpenPGP key in the secret FeedMirrors, and take it off the list",
      warning: true,
    },
  ]);
  const lines = report({ usable: true, typed: true, online: validation, findings: validation.findings });
  expect(lines[0]).toMatch(/^warning: feeds\.unverified: /);
  expect(lines.at(-1)).toBe("No problems found.");
});

test("only operating systems that have feeds can be named", () => {
  const feeds = { unverified: ["plan9"] };

  expect(factorySchema.safeParse({ feeds }).error?.issues).toContainEqual(
    expect.objectContaining({ code: "invalid_value", path: ["feeds", "unverified", 0] }),
  );
});

const left = { factory: { enableInspector: false } };

test("Inspector that is off is found where the config leaves it to others", async () => {
  const world = await openValidated(left);

  const before = await world.findings();
  await world.clients.inspector.send(new EnableCommand({ resourceTypes: ["EC2"] }));
  const after = await world.findings();

  expect(before).toEqual([
    {
      where: "enableInspector",
      what: `is false, and Amazon Inspector does not scan EC2 in ${HOME}: Image Builder refuses pipelines that scan`,
      fix: `aws inspector2 enable --resource-types EC2 --region ${HOME}, or set enableInspector: true`,
    },
  ]);
  expect(after).toEqual([]);
});

test("Inspector that the factory turns on may be off before", async () => {
  const world = await openValidated();

  expect(await world.findings()).toEqual([]);
});

test("an account whose status Inspector does not give is found", async () => {
  const world = await openValidated(left);

  const { findings } = await world.look({ account: "444455556666" });

  expect(findings.filter(({ where }) => where === "enableInspector")).toEqual([
    {
      where: "enableInspector",
      what: expect.stringMatching(/^access denied: Amazon Inspector does not report the status of account 4444/),
      fix: "use credentials that may call inspector2:BatchGetAccountStatus",
    },
  ]);
});

test("a former name of a key is a warning that says what to rename, and by when", async () => {
  const world = await openValidated();
  noteRenamedKeys(world.factory, [
    { from: "images.base.gate.cis", to: "images.base.gate.benchmark", since: "0.2.0", gone: "0.3.0" },
  ]);

  const validation = await world.look();

  expect(validation.findings).toEqual([
    {
      where: "images.base.gate.cis",
      what: "is called images.base.gate.benchmark since version 0.2.0; the former name works until version 0.3.0",
      fix: "rename it in factory.config.ts",
      warning: true,
    },
  ]);
  const [line] = report({ usable: true, typed: true, online: validation, findings: validation.findings });
  expect(line).toMatch(/^warning: images\.base\.gate\.cis: is called/);
});

test("a role and a boundary of another account than the factory's are found, with their path", async () => {
  const role = "arn:aws:iam::222233334444:role/image-instances";
  const boundary = "arn:aws:iam::222233334444:policy/boundary";
  const world = await openValidated({ factory: { instanceRole: role, permissionsBoundary: boundary } });

  const findings = await world.findings();

  const what = "is an ARN of account 222233334444, and the factory's is 111122223333";
  const fix = "name one of account 111122223333";
  expect(findings).toEqual([
    { where: "instanceRole", what, fix },
    { where: "permissionsBoundary", what, fix },
  ]);
});

test("a role and a boundary of the factory's account, by name or ARN, or of AWS, are as they should be", async () => {
  const world = await openValidated({
    factory: {
      instanceRole: "arn:aws:iam::111122223333:role/builds/instances",
      executionRole: "image-builder",
      permissionsBoundary: "arn:aws:iam::aws:policy/PowerUserAccess",
    },
  });

  expect(await world.findings()).toEqual([]);
});

const ofOrganization = { factory: { cloudTrail: "organization" as const } };

async function trailFindings(
  given: Parameters<typeof openValidated>[0],
  change?: "stop" | "exclude-kms" | "read-only",
) {
  const world = await openValidated(given);
  const management = new CloudTrailClient(world.optionsOf(MANAGEMENT, "us-east-1"));
  const TrailName = "organization-trail";
  const select = (selector: object) =>
    management.send(
      new PutEventSelectorsCommand({
        TrailName,
        EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: "All", ...selector }],
      }),
    );
  if (change === "stop") await management.send(new StopLoggingCommand({ Name: TrailName }));
  if (change === "exclude-kms") await select({ ExcludeManagementEventSources: ["kms.amazonaws.com"] });
  if (change === "read-only") await select({ ReadWriteType: "ReadOnly" });
  return (await world.findings()).filter(({ where }) => where === "cloudTrail").map(({ what }) => what);
}

test("the organization's trail that logs management events in all regions is as it should be", async () => {
  expect(await trailFindings(ofOrganization)).toEqual([]);
});

test("without a trail in the config none is looked for", async () => {
  expect(await trailFindings({}, "stop")).toEqual([]);
});

test("a trail that is stopped, or leaves out what KMS or writes report, is found", async () => {
  const stopped = await trailFindings(ofOrganization, "stop");
  const withoutKms = await trailFindings(ofOrganization, "exclude-kms");
  const readOnly = await trailFindings(ofOrganization, "read-only");

  expect(stopped).toEqual([expect.stringMatching(/trail\/organization-trail is stopped$/)]);
  expect(withoutKms).toEqual([
    expect.stringMatching(/does not log writes .* or excludes those of kms\.amazonaws\.com$/),
  ]);
  expect(readOnly).toEqual(withoutKms);
});

test("a missing trail in the factory's account is found", async () => {
  expect(await trailFindings({ factory: { cloudTrail: "own" } })).toEqual([
    expect.stringMatching(/^this account has no trail of its own/),
  ]);
});

test("Slack's secrets are found to be missing, in the clear, or under another key than the stack's", async () => {
  const { client, factory: plain } = await openWorld();
  const factory = { ...plain, notify: { ...plain.notify, slack: { channel: "#golden-images", routes: [] } } };
  const clients = { kms: client(KMSClient), ssm: client(SSMClient) };
  const look = async () => (await checkSlackSecrets(factory, clients)).map(({ where, what }) => `${where} ${what}`);
  const token = "/amint-slack/sharing/bot-token";
  const signing = "/amint-slack/sharing/signing-secret";

  const undeployed = await look();
  const { KeyMetadata: { KeyId, Arn: key = "" } = {} } = await clients.kms.send(new CreateKeyCommand({}));
  await clients.kms.send(new CreateAliasCommand({ AliasName: "alias/amint-sharing-slack", TargetKeyId: KeyId }));
  const missing = await look();
  await clients.ssm.send(new PutParameterCommand({ Name: token, Value: "xoxb-1", Type: "String" }));
  await clients.ssm.send(new PutParameterCommand({ Name: signing, Value: "x", Type: "SecureString" }));
  const wrong = await look();
  await storeSlackSecret(clients.ssm, { factory: "sharing", secret: "signing-secret", value: "x", key, tags: {} });
  const right = await look();

  expect(undeployed).toEqual([
    "alias/amint-sharing-slack in eu-west-1 does not exist: Slack's secrets cannot be stored",
  ]);
  expect(missing).toEqual([
    `${token} is missing: the factory cannot use Slack`,
    `${signing} is missing: the factory cannot use Slack`,
  ]);
  expect(wrong).toEqual([
    `${token} is a String, not a SecureString: its value is not encrypted`,
    `${signing} is encrypted with alias/aws/ssm, which the functions may not use`,
  ]);
  expect(right).toEqual([wrong[0]]);
  expect(await checkSlackSecrets(plain, clients)).toEqual([]);
});

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
