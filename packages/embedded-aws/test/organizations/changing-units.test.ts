import { expect, test } from "vitest";
import { anOrganization, named, PRODUCTION, ROOT, WEB, WORKLOADS } from "./an-organization.ts";

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
  await expect(management.createOrganizationalUnit({ ParentId: "r-none", Name: "x" })).rejects.toMatchObject({
    name: "ParentNotFoundException",
  });
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
