import type { Image } from "@aws-sdk/client-ec2";
import { describe, expect, it } from "vitest";
import { refusalOf } from "../expect-refusal.ts";
import {
  anAws,
  anImage,
  FACTORY,
  MANAGEMENT,
  ORGANIZATION,
  OTHER_REGION,
  PRODUCTION,
  PRODUCTION_UNIT,
  REGION,
  RIVAL,
  ROOTED,
  SANDBOX,
  SANDBOX_UNIT,
  STRANGER,
  WORKLOADS_UNIT,
} from "./an-aws.ts";

const everyAccount = [FACTORY, MANAGEMENT, PRODUCTION, SANDBOX, ROOTED, STRANGER];

function aSharedImage(permission: object | undefined) {
  const world = anAws();
  const id = anImage(world.aws, "golden", { tags: { build: "1" } });
  const images = async (account: string, input: object = {}, region = REGION): Promise<Image[]> => {
    const found = await world.by("ec2", account, region)("DescribeImages", input);
    return found.Images ?? [];
  };
  const share = async (added: object) => {
    await world.by("ec2")("DisableImageBlockPublicAccess");
    await world.by("ec2")("ModifyImageAttribute", { ImageId: id, LaunchPermission: { Add: [added] } });
  };
  return { ...world, id, images, shared: permission ? share(permission) : Promise.resolve() };
}

describe("an image is visible", () => {
  const cases: [string, object | undefined, string[]][] = [
    ["to its owner alone without launch permissions", undefined, [FACTORY]],
    ["to an account that it is shared with, in or out of the organization", { UserId: STRANGER }, [FACTORY, STRANGER]],
    ["to the accounts of a unit", { OrganizationalUnitArn: SANDBOX_UNIT }, [FACTORY, SANDBOX]],
    ["to the accounts of OUs below an OU", { OrganizationalUnitArn: WORKLOADS_UNIT }, [FACTORY, PRODUCTION]],
    ["to a nested OU without its parent", { OrganizationalUnitArn: PRODUCTION_UNIT }, [FACTORY, PRODUCTION]],
    [
      "to every account of its organization, the management account included",
      { OrganizationArn: ORGANIZATION },
      [FACTORY, MANAGEMENT, PRODUCTION, SANDBOX, ROOTED],
    ],
    ["to every account when it is public", { Group: "all" }, everyAccount],
    ["to no account of an organization that shares only the id's beginning", { OrganizationArn: RIVAL }, [FACTORY]],
  ];
  it.each(cases)("%s", async (_, permission, visibleTo) => {
    const { images, id, shared } = aSharedImage(permission);

    await shared;
    const seen = await Promise.all(everyAccount.map(async (account) => (await images(account)).length > 0));
    const byId = await Promise.allSettled(everyAccount.map((account) => images(account, { ImageIds: [id] })));

    expect(everyAccount.filter((_account, index) => seen[index])).toEqual(visibleTo);
    expect(everyAccount.filter((_account, index) => byId[index]?.status === "fulfilled")).toEqual(visibleTo);
  });

  it("in its own region only, also when it is public", async () => {
    const { images, id, shared } = aSharedImage({ Group: "all" });

    await shared;
    const elsewhere = await images(FACTORY, {}, OTHER_REGION);
    const refusal = await refusalOf(images(FACTORY, { ImageIds: [id] }, OTHER_REGION));

    expect(elsewhere).toEqual([]);
    expect(refusal).toMatchObject({ code: "InvalidAMIID.NotFound", message: `The image id '[${id}]' does not exist` });
  });

  it("no longer, once its launch permission is removed", async () => {
    const { images, by, id, shared } = aSharedImage({ OrganizationArn: ORGANIZATION });
    await shared;

    await by("ec2")("ModifyImageAttribute", {
      ImageId: id,
      Attribute: "launchPermission",
      OperationType: "remove",
      OrganizationArns: [ORGANIZATION],
    });

    expect(await images(SANDBOX)).toEqual([]);
  });

  it("to the accounts that move into a unit, not to those that left it", async () => {
    const { images, by, shared } = aSharedImage({ OrganizationalUnitArn: SANDBOX_UNIT });
    await shared;

    await by("organizations", MANAGEMENT)("MoveAccount", {
      AccountId: SANDBOX,
      SourceParentId: "ou-abcd-sandbox1",
      DestinationParentId: "ou-abcd-producti",
    });
    await by("organizations", MANAGEMENT)("MoveAccount", {
      AccountId: ROOTED,
      SourceParentId: "r-abcd",
      DestinationParentId: "ou-abcd-sandbox1",
    });

    expect(await images(SANDBOX)).toEqual([]);
    expect(await images(ROOTED)).toHaveLength(1);
  });
});

describe("executable users", () => {
  it("'self' are images shared with the caller, its OUs or its organization: not its own, not public ones", async () => {
    const { images, shared } = aSharedImage({ OrganizationArn: ORGANIZATION });

    await shared;

    expect(await images(SANDBOX, { ExecutableUsers: ["self"] })).toHaveLength(1);
    expect(await images(SANDBOX, { ExecutableUsers: [SANDBOX] })).toHaveLength(1);
    expect(await images(STRANGER, { ExecutableUsers: ["self"] })).toEqual([]);
    expect(await images(SANDBOX, { ExecutableUsers: ["all"] })).toEqual([]);
  });

  it("of another account are one's own images that are shared with it by its id", async () => {
    const { images, by, id, shared } = aSharedImage({ UserId: STRANGER });
    await shared;

    await by("ec2")("ModifyImageAttribute", {
      ImageId: id,
      LaunchPermission: { Add: [{ OrganizationArn: ORGANIZATION }] },
    });

    expect(await images(FACTORY, { ExecutableUsers: [STRANGER] })).toHaveLength(1);
    expect(await images(FACTORY, { ExecutableUsers: [SANDBOX] })).toEqual([]);
  });
});

describe("a shared image", () => {
  it("shows its consumers neither its tags nor its protection", async () => {
    const { images, shared } = aSharedImage({ UserId: STRANGER });

    await shared;
    const [own] = await images(FACTORY);
    const [foreign] = await images(STRANGER);

    expect(own?.Tags).toEqual([{ Key: "build", Value: "1" }]);
    expect(foreign?.Tags).toBeUndefined();
    expect(foreign?.DeregistrationProtection).toBeUndefined();
    expect(await images(STRANGER, { Filters: [{ Name: "tag:build", Values: ["1"] }] })).toEqual([]);
  });

  it("can be tagged by its consumers, for themselves", async () => {
    const { images, by, id, shared } = aSharedImage({ UserId: STRANGER });
    await shared;

    await by("ec2", STRANGER)("CreateTags", { Resources: [id], Tags: [{ Key: "mine", Value: "yes" }] });

    expect((await images(STRANGER))[0]?.Tags).toEqual([{ Key: "mine", Value: "yes" }]);
    expect((await images(FACTORY))[0]?.Tags).toEqual([{ Key: "build", Value: "1" }]);
  });

  it("can't be changed by its consumers", async () => {
    const { by, id, shared } = aSharedImage({ UserId: STRANGER });
    await shared;

    const refusals = await Promise.all(
      [
        ["ModifyImageAttribute", { LaunchPermission: { Add: [{ UserId: SANDBOX }] } }] as const,
        ["DescribeImageAttribute", { Attribute: "launchPermission" }] as const,
        ["DeregisterImage", {}] as const,
        ["DisableImage", {}] as const,
      ].map(([operation, input]) => refusalOf(by("ec2", STRANGER)(operation, { ImageId: id, ...input }))),
    );

    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ code: "AuthFailure", message: `Not authorized for image:${id}` });
    }
  });
});
