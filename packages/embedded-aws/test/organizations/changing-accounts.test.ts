import { MoveAccountCommand } from "@aws-sdk/client-organizations";
import { STS } from "@aws-sdk/client-sts";
import { expect, test } from "vitest";
import { organizationOf } from "../../src/services/organizations/state.ts";
import { expectRefusal } from "../expect-refusal.ts";
import { anOrganization, FACTORY, MANAGEMENT, named, PRODUCTION, ROOT, WEB, WORKLOADS } from "./an-organization.ts";

const DAY = 24 * 60 * 60 * 1000;

async function created(world: ReturnType<typeof anOrganization>, email = "shop@example.com") {
  const asked = await world.management.createAccount({
    AccountName: "shop",
    Email: email,
    Tags: [{ Key: "stage", Value: "test" }],
  });
  const CreateAccountRequestId = asked.CreateAccountStatus?.Id;
  await world.pass(10_000);
  const { CreateAccountStatus: status } = await world.management.describeCreateAccountStatus({
    CreateAccountRequestId,
  });
  return { asked: asked.CreateAccountStatus, status, id: status?.AccountId ?? "" };
}

test("an account is created a moment after it was asked for, under the root, with its tags and a role to take", async () => {
  const world = anOrganization();

  const { asked, status, id } = await created(world);
  const { Account: account } = await world.management.describeAccount({ AccountId: id });
  const tags = await world.management.listTagsForResource({ ResourceId: id });
  const sts = (accessKeyId: string, more = {}) =>
    new STS({
      region: "us-east-1",
      credentials: { accessKeyId, secretAccessKey: "any", ...more },
      requestHandler: world.requestHandler,
    });
  const { Credentials: keys } = await sts(MANAGEMENT).assumeRole({
    RoleArn: `arn:aws:iam::${id}:role/OrganizationAccountAccessRole`,
    RoleSessionName: "session",
  });
  const session = sts(keys?.AccessKeyId ?? "", { sessionToken: keys?.SessionToken });
  const identity = await session.getCallerIdentity({});

  expect(asked).toMatchObject({ State: "IN_PROGRESS", AccountName: "shop" });
  expect(asked?.AccountId).toBeUndefined();
  expect(status?.State).toBe("SUCCEEDED");
  expect(id).toMatch(/^\d{12}$/);
  expect(account).toMatchObject({ Status: "ACTIVE", JoinedMethod: "CREATED", Paths: [`o-exampleorg1/${ROOT}/${id}/`] });
  expect(tags.Tags).toEqual([{ Key: "stage", Value: "test" }]);
  expect(identity.Account).toBe(id);
});

test("two accounts can't have the same e-mail address, and six can't be made at a time", async () => {
  const world = anOrganization();
  await created(world);

  const { status } = await created(world);
  const ask = (n: number) => world.management.createAccount({ AccountName: `a-${n}`, Email: `a-${n}@example.com` });
  for (const n of [1, 2, 3, 4, 5]) await ask(n);

  expect(status).toMatchObject({ State: "FAILED", FailureReason: "EMAIL_ALREADY_EXISTS" });
  await expect(ask(6)).rejects.toMatchObject({
    name: "ConstraintViolationException",
    Reason: "ACCOUNT_CREATION_RATE_LIMIT_EXCEEDED",
  });
});

test("changes of accounts put CloudTrail's events on the management account's bus", async () => {
  const world = anOrganization();

  const { id } = await created(world);
  await world.management.moveAccount({ AccountId: id, SourceParentId: ROOT, DestinationParentId: WORKLOADS });

  expect(named(world.events)).toEqual([
    "CreateAccount",
    "CreateAccountResult",
    "AccountJoinedOrganization",
    "MoveAccount",
  ]);
  const [asked, result, joined, move] = world.events;
  expect(asked).toMatchObject({
    source: "aws.organizations",
    "detail-type": "AWS API Call via CloudTrail",
    account: MANAGEMENT,
    region: "us-east-1",
    detail: {
      eventSource: "organizations.amazonaws.com",
      userIdentity: { type: "Root", accountId: MANAGEMENT },
      requestParameters: { accountName: "****", email: "****", tags: [{ key: "stage", value: "test" }] },
      responseElements: {
        createAccountStatus: {
          state: "IN_PROGRESS",
          accountName: "****",
          requestedTimestamp: "Apr 1, 2026 8:00:00 AM",
        },
      },
      recipientAccountId: MANAGEMENT,
      readOnly: false,
    },
  });
  expect(result).toMatchObject({
    "detail-type": "AWS Service Event via CloudTrail",
    detail: {
      eventType: "AwsServiceEvent",
      requestParameters: null,
      serviceEventDetails: {
        createAccountStatus: { state: "SUCCEEDED", accountId: id, completedTimestamp: "Apr 1, 2026 8:00:03 AM" },
      },
    },
  });
  expect(joined?.detail.serviceEventDetails).toMatchObject({ accountId: id, joinedMethod: "Created" });
  expect(move?.detail).toMatchObject({
    requestParameters: { accountId: id, sourceParentId: ROOT, destinationParentId: WORKLOADS },
    responseElements: null,
  });
});

test("a failed change puts an event with its error, and a read puts none", async () => {
  const { management, events } = anOrganization();
  const move = new MoveAccountCommand({ AccountId: WEB, SourceParentId: ROOT, DestinationParentId: WORKLOADS });

  await management.describeAccount({ AccountId: WEB });
  await expect(management.send(move)).rejects.toThrow();

  expect(named(events)).toEqual(["MoveAccount SourceParentNotFoundException"]);
  expect(events[0]?.detail).toMatchObject({ requestParameters: { accountId: WEB }, responseElements: null });
});

test("a closed account is pending, then suspended, and stays where it is", async () => {
  const { management, pass, events, aws } = anOrganization();
  const statusOf = async () => (await management.describeAccount({ AccountId: WEB })).Account?.Status;

  await management.closeAccount({ AccountId: WEB });
  const pending = await statusOf();
  await pass(5 * 60_000);

  expect(pending).toBe("PENDING_CLOSURE");
  expect(await statusOf()).toBe("SUSPENDED");
  expect(organizationOf(aws, WEB)?.path).toContain(PRODUCTION);
  expect(named(events)).toEqual(["CloseAccount", "CloseAccountResult"]);
  expect(events[1]?.detail.serviceEventDetails).toMatchObject({
    closeAccountStatus: { accountId: WEB, state: "SUCCEEDED" },
  });
  await expectRefusal(management.closeAccount({ AccountId: WEB }), "AccountAlreadyClosedException");
  await expect(management.closeAccount({ AccountId: MANAGEMENT })).rejects.toMatchObject({
    Reason: "CANNOT_CLOSE_MANAGEMENT_ACCOUNT",
  });
});

test("a removed account is in no organization, and a new one can't be removed for four days", async () => {
  const world = anOrganization();
  const { id } = await created(world);
  const remove = (AccountId: string) => world.management.removeAccountFromOrganization({ AccountId });
  await expect(remove(id)).rejects.toMatchObject({ Reason: "WAIT_PERIOD_ACTIVE" });
  await expect(remove(MANAGEMENT)).rejects.toMatchObject({ name: "MasterCannotLeaveOrganizationException" });

  await remove(WEB);
  await world.pass(4 * DAY);
  await remove(id);
  await world.pass(60_000);

  expect(organizationOf(world.aws, WEB)).toBeUndefined();
  expect(organizationOf(world.aws, id)).toBeUndefined();
  expect(organizationOf(world.aws, FACTORY)).toBeDefined();
  const departures = world.events.filter(({ detail }) => detail.eventName === "AccountDepartedOrganization");
  expect(departures.map(({ detail }) => detail.serviceEventDetails)).toMatchObject([
    { accountId: WEB, departureMethod: "Removed" },
    { accountId: id, departureMethod: "Removed" },
  ]);
});

test("OUs can be nested five levels deep, and no deeper", async () => {
  const { management } = anOrganization();

  let parent = ROOT;
  for (const Name of ["one", "two", "three", "four", "five"]) {
    const made = await management.createOrganizationalUnit({ ParentId: parent, Name });
    parent = made.OrganizationalUnit?.Id ?? "";
  }
  const deepest = await management.describeOrganizationalUnit({ OrganizationalUnitId: parent });

  expect(parent).toMatch(/^ou-exam-[0-9a-z]{8}$/);
  expect(deepest.OrganizationalUnit?.Path?.split("/")).toHaveLength(8);
  await expect(management.createOrganizationalUnit({ ParentId: parent, Name: "six" })).rejects.toMatchObject({
    name: "ConstraintViolationException",
    Reason: "OU_DEPTH_LIMIT_EXCEEDED",
  });
});

test("an OU keeps its id when it is renamed, and its name is unique among its siblings", async () => {
  const { management } = anOrganization();
  const made = await management.createOrganizationalUnit({
    ParentId: WORKLOADS,
    Name: "staging",
    Tags: [{ Key: "a", Value: "1" }],
  });
  const id = made.OrganizationalUnit?.Id ?? "";
  const rename = (Name: string) => management.updateOrganizationalUnit({ OrganizationalUnitId: id, Name });

  const renamed = await rename("test");
  const listed = await management.listOrganizationalUnitsForParent({ ParentId: WORKLOADS });

  expect(renamed.OrganizationalUnit).toMatchObject({ Id: id, Name: "test" });
  expect(listed.OrganizationalUnits?.map(({ Name }) => Name)).toEqual(["production", "test"]);
  await expect(rename("production")).rejects.toMatchObject({ name: "DuplicateOrganizationalUnitException" });
  await expectRefusal(
    management.createOrganizationalUnit({ ParentId: "r-none", Name: "x" }),
    "ParentNotFoundException",
  );
});

test("only an empty OU can be deleted", async () => {
  const { management, events } = anOrganization();
  const made = await management.createOrganizationalUnit({ ParentId: WORKLOADS, Name: "short" });
  const OrganizationalUnitId = made.OrganizationalUnit?.Id;
  const remove = (id: string | undefined) => management.deleteOrganizationalUnit({ OrganizationalUnitId: id });

  await remove(OrganizationalUnitId);

  for (const full of [WORKLOADS, PRODUCTION]) {
    await expect(remove(full)).rejects.toMatchObject({ name: "OrganizationalUnitNotEmptyException" });
  }
  await expect(remove(OrganizationalUnitId)).rejects.toMatchObject({ name: "OrganizationalUnitNotFoundException" });
  expect(named(events).slice(0, 2)).toEqual(["CreateOrganizationalUnit", "DeleteOrganizationalUnit"]);
  expect(events[0]?.detail).toMatchObject({
    requestParameters: { name: "short", parentId: WORKLOADS },
    responseElements: { organizationalUnit: { id: OrganizationalUnitId, name: "short" } },
  });
});

test("tags of accounts are set, replaced and taken away", async () => {
  const { management } = anOrganization();
  const tag = (Key: string, Value: string) => management.tagResource({ ResourceId: WEB, Tags: [{ Key, Value }] });
  const tags = async () => (await management.listTagsForResource({ ResourceId: WEB })).Tags;

  await tag("stage", "test");
  await tag("team", "web");
  await tag("stage", "production");
  const before = await tags();
  await management.untagResource({ ResourceId: WEB, TagKeys: ["team", "none"] });

  expect(before).toEqual([
    { Key: "stage", Value: "production" },
    { Key: "team", Value: "web" },
  ]);
  expect(await tags()).toEqual([{ Key: "stage", Value: "production" }]);
  await expect(tag("aws:x", "1")).rejects.toMatchObject({ Reason: "INVALID_SYSTEM_TAGS_PARAMETER" });
  await expect(
    management.tagResource({ ResourceId: "p-FullAWSAccess", Tags: [{ Key: "a", Value: "1" }] }),
  ).rejects.toMatchObject({ name: "TargetNotFoundException" });
});
