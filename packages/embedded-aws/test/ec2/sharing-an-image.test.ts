import { describe, expect, it } from "vitest";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { containing, expectRefusal, refusalOf } from "../expect-refusal.ts";
import { anAws, FACTORY, MANAGEMENT, ORGANIZATION, REGION, SANDBOX_UNIT, STRANGER } from "./an-aws.ts";

async function anImage(encryption: { encrypted: boolean; customerKey?: boolean } = { encrypted: false }) {
  const world = anAws();
  const ec2 = world.by("ec2");
  const key = encryption.customerKey
    ? await world.by("kms")<{ KeyMetadata: { KeyId: string } }>("CreateKey")
    : undefined;
  const id = registerImage(world.aws, FACTORY, REGION, {
    name: "golden",
    architecture: "x86_64",
    blockDeviceMappings: [
      { deviceName: "/dev/xvda", encrypted: encryption.encrypted, kmsKeyId: key?.KeyMetadata.KeyId, volumeSizeGiB: 8 },
    ],
  });
  const modify = (input: object) => ec2("ModifyImageAttribute", { ImageId: id, ...input });
  const permissions = async () =>
    (await ec2("DescribeImageAttribute", { ImageId: id, Attribute: "launchPermission" })).LaunchPermissions;
  return { ...world, id, ec2, modify, permissions };
}

describe("launch permissions", () => {
  it("are added and removed in both forms, twice without harm, and read back", async () => {
    const { modify, permissions } = await anImage();

    await modify({ LaunchPermission: { Add: [{ UserId: STRANGER }, { OrganizationArn: ORGANIZATION }] } });
    await modify({ Attribute: "launchPermission", OperationType: "add", OrganizationalUnitArns: [SANDBOX_UNIT] });
    await modify({ OperationType: "add", OrganizationalUnitArns: [SANDBOX_UNIT], UserIds: [STRANGER] });
    const added = await permissions();
    await modify({ LaunchPermission: { Remove: [{ UserId: STRANGER }], Add: [] } });
    const removed = await permissions();

    expect(added).toEqual([
      { UserId: STRANGER },
      { OrganizationArn: ORGANIZATION },
      { OrganizationalUnitArn: SANDBOX_UNIT },
    ]);
    expect(removed).toEqual([{ OrganizationArn: ORGANIZATION }, { OrganizationalUnitArn: SANDBOX_UNIT }]);
  });

  it.each([
    ["UserId", { UserId: "12345" }, "12345"],
    ["UserGroup", { Group: "everyone" }, "everyone"],
    ["OrganizationArn", { OrganizationArn: "o-exampleorg1" }, "o-exampleorg1"],
    ["OrganizationalUnitArn", { OrganizationalUnitArn: "ou-abcd-sandbox1" }, "ou-abcd-sandbox1"],
    ["OrganizationalUnitArn", { OrganizationalUnitArn: ORGANIZATION }, ORGANIZATION],
    ["OrganizationArn", { OrganizationArn: `${ORGANIZATION}9` }, `${ORGANIZATION}9`],
    ["OrganizationalUnitArn", { OrganizationalUnitArn: `${SANDBOX_UNIT}9` }, `${SANDBOX_UNIT}9`],
    [
      "OrganizationalUnitArn",
      { OrganizationalUnitArn: SANDBOX_UNIT.replace(MANAGEMENT, FACTORY) },
      SANDBOX_UNIT.replace(MANAGEMENT, FACTORY),
    ],
  ])("take no %s that isn't one: %o", async (kind, permission, value) => {
    const { modify, permissions } = await anImage();

    await expectRefusal(
      modify({ LaunchPermission: { Add: [{ UserId: STRANGER }, permission] } }),
      "InvalidAMIAttributeItemValue",
      `Invalid attribute item value "${value}" for ${kind} item type.`,
    );

    expect(await permissions()).toEqual([]);
  });

  it("can't be added to an image encrypted with aws/ebs", async () => {
    const { modify } = await anImage({ encrypted: true });

    await expectRefusal(
      modify({ LaunchPermission: { Add: [{ UserId: STRANGER }] } }),
      "InvalidParameter",
      "Snapshots encrypted with the AWS Managed CMK can't be shared. Specify another snapshot.",
    );
  });

  it("can be added to an image encrypted with a customer key, but not publicly", async () => {
    const { modify, permissions, ec2 } = await anImage({ encrypted: true, customerKey: true });

    await modify({ LaunchPermission: { Add: [{ UserId: STRANGER }] } });
    await ec2("DisableImageBlockPublicAccess");
    await expectRefusal(modify({ LaunchPermission: { Add: [{ Group: "all" }] } }), "InvalidParameter");

    expect(await permissions()).toEqual([{ UserId: STRANGER }]);
  });

  it("for all accounts are blocked until the account allows public images", async () => {
    const { modify, ec2, permissions } = await anImage();

    await expectRefusal(modify({ LaunchPermission: { Add: [{ Group: "all" }] } }), "OperationNotPermitted");
    await ec2("DisableImageBlockPublicAccess");
    await modify({ LaunchPermission: { Add: [{ Group: "all" }] } });

    expect(await permissions()).toEqual([{ Group: "all" }]);
  });

  it("end at a thousand", async () => {
    const { modify, permissions } = await anImage();
    const accounts = (count: number) => Array.from({ length: count }, (_, n) => `${600_000_000_000 + n}`);

    await modify({ OperationType: "add", Attribute: "launchPermission", UserIds: accounts(1000) });
    await expectRefusal(
      modify({ LaunchPermission: { Add: [{ UserId: STRANGER }] } }),
      "ResourceLimitExceeded",
      containing("1001"),
    );

    expect(await permissions()).toHaveLength(1000);
  });

  it("count an OU and an organization as one entity each, and change completely or not at all", async () => {
    const { modify, permissions } = await anImage();
    const accounts = Array.from({ length: 999 }, (_, n) => ({ UserId: `${600_000_000_000 + n}` }));

    await modify({ LaunchPermission: { Add: [...accounts, { OrganizationalUnitArn: SANDBOX_UNIT }] } });
    await expectRefusal(
      modify({ LaunchPermission: { Add: [{ OrganizationArn: ORGANIZATION }] } }),
      "ResourceLimitExceeded",
      containing("1001"),
    );
    const swapped = { Add: [{ OrganizationArn: ORGANIZATION }], Remove: [{ OrganizationalUnitArn: SANDBOX_UNIT }] };
    await modify({ LaunchPermission: swapped });

    expect(await permissions()).toHaveLength(1000);
    expect(await permissions()).toContainEqual({ OrganizationArn: ORGANIZATION });
  });

  it("come at most ten thousand to a request", async () => {
    const { modify } = await anImage();
    const accounts = (count: number) => Array.from({ length: count }, (_, n) => `${600_000_000_000 + n}`);
    const remove = (count: number) => modify({ OperationType: "remove", UserIds: accounts(count) });

    await remove(10_000);
    await expectRefusal(remove(10_001), "InvalidParameterValue", containing("10001"));
  });

  it("can be removed from an OU that was deleted", async () => {
    const { modify, by, permissions } = await anImage();
    const organizations = by("organizations", MANAGEMENT);
    await organizations("CreateOrganizationalUnit", { ParentId: "r-abcd", Name: "Short" });
    const { OrganizationalUnits: units } = await organizations("ListOrganizationalUnitsForParent", {
      ParentId: "r-abcd",
    });
    const unit = units?.find(({ Name }) => Name === "Short");
    await modify({ LaunchPermission: { Add: [{ OrganizationalUnitArn: unit?.Arn }] } });

    await organizations("DeleteOrganizationalUnit", { OrganizationalUnitId: unit?.Id });
    await modify({ LaunchPermission: { Remove: [{ OrganizationalUnitArn: unit?.Arn }] } });

    expect(await permissions()).toEqual([]);
  });

  it("go with a reset", async () => {
    const { modify, ec2, id, permissions } = await anImage();

    await modify({ LaunchPermission: { Add: [{ UserId: STRANGER }] } });
    await ec2("ResetImageAttribute", { ImageId: id, Attribute: "launchPermission" });

    expect(await permissions()).toEqual([]);
  });
});

describe("ModifyImageAttribute", () => {
  it("changes the description in both forms", async () => {
    const { modify, ec2, id } = await anImage();
    const described = () => ec2("DescribeImageAttribute", { ImageId: id, Attribute: "description" });

    await modify({ Description: { Value: "first" } });
    const first = await described();
    await modify({ Attribute: "description", Value: "second" });

    expect(first).toEqual({ ImageId: id, Description: { Value: "first" } });
    expect(await described()).toEqual({ ImageId: id, Description: { Value: "second" } });
  });

  it("refuses to change nothing", async () => {
    const { modify } = await anImage();

    await expectRefusal(modify({}), "InvalidParameterCombination", "No attributes specified.");
  });

  it("refuses invalid ids, and images that do not exist", async () => {
    const { ec2 } = await anImage();
    const modify = (ImageId: string) => refusalOf(ec2("ModifyImageAttribute", { ImageId, Value: "x" }));

    expect(await modify("golden")).toMatchObject({
      code: "InvalidAMIID.Malformed",
      message: 'Invalid id: "golden" (expecting "ami-...")',
    });
    expect(await modify("ami-xyz")).toMatchObject({ code: "InvalidAMIID.Malformed", message: 'Invalid id: "ami-xyz"' });
    expect(await modify("ami-0123456789abcdef0")).toMatchObject({ code: "InvalidAMIID.NotFound" });
  });
});
