import type { GetParameterCommandOutput } from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { registerImage } from "../../src/services/ec2/register-image.ts";
import { watchBus } from "../../src/services/events/watch.ts";
import { anAws, FACTORY, OTHER_REGION, REGION, STRANGER } from "../ec2/an-aws.ts";
import { refusalOf } from "../expect-refusal.ts";

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
