import type { CreateKeyCommandOutput } from "@aws-sdk/client-kms";
import type { GetParameterCommandOutput, GetParameterHistoryCommandOutput } from "@aws-sdk/client-ssm";
import { describe, expect, it, test } from "vitest";
import { createAws } from "../../src/create-aws.ts";
import { VirtualClock } from "../../src/engine/clock/virtual-clock.ts";
import { accountPrincipal } from "../../src/engine/principal.ts";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { anAws, FACTORY, OTHER_REGION, REGION, STRANGER } from "../ec2/an-aws.ts";
import { refusalOf } from "../expect-refusal.ts";
import { allow, makeRole } from "../policy.ts";

const NAME = "/imagebuilder/golden/stable";

function aChannel() {
  const world = anAws();
  const changes: object[] = [];
  watchBus(world.aws, FACTORY, REGION, "default", (event) => {
    if (event["detail-type"] === "Parameter Store Change") changes.push(event);
  });
  const anImage = (name: string, account = FACTORY, region = REGION) =>
    registerImage(world.aws, account, region, { name, architecture: "x86_64", blockDeviceMappings: [] });
  const put = (Value: string, account = FACTORY) =>
    world.by("ssm", account)<object>("PutParameter", {
      Name: NAME,
      Type: "String",
      DataType: "aws:ec2:image",
      Value,
      Overwrite: true,
    });
  const get = async () => (await world.by("ssm")<GetParameterCommandOutput>("GetParameter", { Name: NAME })).Parameter;
  const wait = (ms: number) => world.clock.runUntil(world.clock.now() + ms);
  return { ...world, changes, anImage, put, get, wait };
}

describe("a parameter that holds an image", () => {
  it("appears only once its image is validated, although its version is given at once", async () => {
    const { anImage, put, get, wait, changes } = aChannel();
    const id = anImage("golden");

    const answer = await put(id);
    const before = await refusalOf(get());
    await wait(10_000);

    expect(answer).toEqual({ Version: 1, Tier: "Standard" });
    expect(before.code).toBe("ParameterNotFound");
    expect(await get()).toMatchObject({ Value: id, Version: 1, DataType: "aws:ec2:image" });
    expect(changes).toMatchObject([
      {
        source: "aws.ssm",
        resources: [`arn:aws:ssm:${REGION}:${FACTORY}:parameter${NAME}`],
        detail: { operation: "Create", name: NAME, type: "String" },
      },
    ]);
  });

  it.each<[string, (world: ReturnType<typeof aChannel>) => string]>([
    ["no image's id", () => "golden"],
    ["an image that isn't there", () => "ami-0123456789abcdef0"],
    ["an image of another region", ({ anImage }) => anImage("away", FACTORY, OTHER_REGION)],
    ["an image of another account that is not shared", ({ anImage }) => anImage("foreign", STRANGER)],
  ])("keeps its value when it is given %s, and an event says so", async (_, bad) => {
    const world = aChannel();
    const { anImage, put, get, wait, changes } = world;
    const id = anImage("golden");
    await put(id);
    await wait(10_000);

    const answer = await put(bad(world));
    await wait(10_000);

    expect(answer).toEqual({ Version: 2, Tier: "Standard" });
    expect(await get()).toMatchObject({ Value: id, Version: 1 });
    expect(changes.at(-1)).toMatchObject({
      "detail-type": "Parameter Store Change",
      detail: {
        exception: "Unable to Describe Resource",
        dataType: "aws:ec2:image",
        name: NAME,
        type: "String",
        operation: "Update",
      },
    });
  });

  it("takes an image that is shared with its account", async () => {
    const { anImage, put, get, wait, by } = aChannel();
    const id = anImage("foreign", STRANGER);

    await by("ec2", STRANGER)("ModifyImageAttribute", {
      ImageId: id,
      LaunchPermission: { Add: [{ UserId: FACTORY }] },
    });
    await put(id);
    await wait(10_000);

    expect(await get()).toMatchObject({ Value: id });
  });

  it("can't be written while it is validated, nor for five minutes after it failed", async () => {
    const { anImage, put, wait, get } = aChannel();
    const id = anImage("golden");

    await put("ami-0123456789abcdef0");
    const validating = await refusalOf(put(id));
    await wait(60_000);
    const failed = await refusalOf(put(id));
    await wait(300_000);
    await put(id);
    await wait(10_000);

    expect([validating.code, failed.code]).toEqual(["TooManyUpdates", "TooManyUpdates"]);
    expect(await get()).toMatchObject({ Value: id, Version: 1 });
  });
});

const arnOf = (name: string) => `arn:aws:ssm:${REGION}:${FACTORY}:parameter${name}`;

/** An account with a key, and a role with the statements given. */
async function withKey(...statements: object[]) {
  const aws = createAws({ clock: new VirtualClock(Date.UTC(2026, 3, 1, 8)) });
  const by =
    (service: string) =>
    <Output = object>(operation: string, input: object) =>
      aws.call<Output>(service, operation, input, { principal: accountPrincipal(FACTORY), region: REGION });
  const [kms, ssm] = [by("kms"), by("ssm")];
  const { KeyMetadata } = await kms<CreateKeyCommandOutput>("CreateKey", {});
  const key = KeyMetadata?.Arn ?? "";
  const may = JSON.parse(JSON.stringify(statements).replaceAll("THE_KEY", key));
  const principal = await makeRole(aws, FACTORY, "reader", { Service: "ec2.amazonaws.com" }, ...may);
  const asRole = <Output = object>(operation: string, input: object) =>
    aws.call<Output>("ssm", operation, input, { principal, region: REGION });
  const put = (Name: string, KeyId?: string) =>
    ssm("PutParameter", { Name, Value: "open sesame", Type: "SecureString", Overwrite: true, ...(KeyId && { KeyId }) });
  return { kms, ssm, key, asRole, put };
}

const reads = allow(["ssm:GetParameter", "ssm:GetParameterHistory"]);

test("a SecureString is decrypted for the parameter alone that the policy's encryption context names", async () => {
  const { asRole, put, key } = await withKey(reads, {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: "THE_KEY",
    Condition: { StringEquals: { "kms:EncryptionContext:PARAMETER_ARN": arnOf("/mine") } },
  });
  await put("/mine", key);
  await put("/other", key);

  const mine = await asRole<GetParameterCommandOutput>("GetParameter", { Name: "/mine", WithDecryption: true });
  const other = await refusalOf(asRole("GetParameter", { Name: "/other", WithDecryption: true }));

  expect(mine.Parameter?.Value).toBe("open sesame");
  expect(other.code).toBe("AccessDeniedException");
  expect(other.message).toContain("kms:Decrypt");
});

test("an older version takes the key that it was encrypted with, and the history takes all of them", async () => {
  const { asRole, put, ssm, key, kms } = await withKey(reads, allow("kms:Decrypt", "THE_KEY"));
  const { KeyMetadata } = await kms<CreateKeyCommandOutput>("CreateKey", {});
  await put("/rotated", KeyMetadata?.Arn);
  await put("/rotated", key);

  const newest = await asRole<GetParameterCommandOutput>("GetParameter", { Name: "/rotated", WithDecryption: true });
  const older = await refusalOf(asRole("GetParameter", { Name: "/rotated:1", WithDecryption: true }));
  const history = await refusalOf(asRole("GetParameterHistory", { Name: "/rotated", WithDecryption: true }));
  const owner = await ssm<GetParameterHistoryCommandOutput>("GetParameterHistory", {
    Name: "/rotated",
    WithDecryption: true,
  });

  expect(newest.Parameter?.Version).toBe(2);
  expect([older.code, history.code]).toEqual(["AccessDeniedException", "AccessDeniedException"]);
  expect(owner.Parameters?.map(({ Value }) => Value)).toEqual(["open sesame", "open sesame"]);
});

test("a key that is disabled or not there is an InvalidKeyId, with the answer of KMS", async () => {
  const { put, ssm, kms, key } = await withKey();
  await put("/mine", key);
  await kms("DisableKey", { KeyId: key });

  const read = await refusalOf(ssm("GetParameter", { Name: "/mine", WithDecryption: true }));
  const written = await refusalOf(put("/mine", key));
  const unknown = await refusalOf(put("/other", "alias/no-such-key"));

  expect([read.code, written.code, unknown.code]).toEqual(["InvalidKeyId", "InvalidKeyId", "InvalidKeyId"]);
  expect(read.message).toContain(
    `${key} is disabled. (Service: AWSKMS; Status Code: 400; Error Code: DisabledException;`,
  );
  expect(unknown.message).toContain(
    "alias/no-such-key is not found. (Service: AWSKMS; Status Code: 400; Error Code: NotFoundException;",
  );
});

test("a new version that names no key is encrypted with AWS's, not with the key of the version before", async () => {
  const { put, ssm, key, asRole } = await withKey(reads);
  await put("/mine", key);
  await put("/mine");

  const { Parameters = [] } = await ssm<GetParameterHistoryCommandOutput>("GetParameterHistory", { Name: "/mine" });
  const read = await asRole<GetParameterCommandOutput>("GetParameter", { Name: "/mine", WithDecryption: true });

  expect(Parameters.map(({ KeyId }) => KeyId)).toEqual([key, "alias/aws/ssm"]);
  // AWS's key decrypts for all principals in the account (Systems Manager user guide, "Restricting decryption").
  expect(read.Parameter?.Value).toBe("open sesame");
});
