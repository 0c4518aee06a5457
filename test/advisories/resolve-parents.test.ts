import { DeregisterImageCommand, EC2Client } from "@aws-sdk/client-ec2";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { VirtualClock } from "embedded-aws";
import { publishPublicImage, releasePublicImage } from "embedded-aws/seeds";
import { expect, test } from "vitest";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { resolveParents } from "../../functions/advisories/resolve-parents.ts";
import { HOME, IMAGE, imageOf } from "../world/factory-of.ts";
import { BEGIN } from "../world/time.ts";
import { openWorld } from "../world/world.ts";

const DEBIAN = "136693071363";
const STRANGER = "999900001111";
const PARAMETER = "/imagebuilder/amint/sharing/parents/base";
const parentOf = (name: string) => imageOf({ os: "debian-12", parent: { ami: { owner: DEBIAN, name } } });

/** A factory whose image starts from Debian's newest AMI, with the parameter as a deployment leaves it. */
async function start() {
  const world = await openWorld({
    clock: new VirtualClock(BEGIN),
    factory: { images: { [IMAGE]: parentOf("debian-12-amd64-*") } },
  });
  const { aws, pass } = world;
  // Newer than the AMIs that the embedded AWS begins with.
  await pass(3_600_000);
  const ssm = world.client(SSMClient);
  const release = (version: string) =>
    releasePublicImage(aws, { family: "debian-12", architecture: "x86_64", regions: [HOME], version })[HOME] ?? "";
  return {
    ...world,
    release,
    publishStrange: () =>
      publishPublicImage(aws, HOME, {
        owner: STRANGER,
        parameter: undefined,
        name: "debian-12-amd64-99999999-1",
        description: "Debian 12, they say",
        architecture: "x86_64",
        rootDeviceName: "/dev/xvda",
        volumeSizeGiB: 8,
        volumeType: "gp3",
      }),
    withdraw: (ImageId: string) =>
      world.client(EC2Client, { account: DEBIAN }).send(new DeregisterImageCommand({ ImageId })),
    put: async (Value: string) => {
      await ssm.send(
        new PutParameterCommand({ Name: PARAMETER, Value, Type: "String", DataType: "aws:ec2:image", Overwrite: true }),
      );
      await pass(600_000);
    },
    run: async (changes: Parameters<typeof world.step>[0] = {}) => {
      const said = await resolveParents({}, world.step(changes));
      // SSM looks at the AMI after it has answered.
      await pass(600_000);
      return said;
    },
    parameter: () => readParameter(ssm, PARAMETER),
    unresolved: () => world.details("parent.unresolved"),
  };
}

test("the parameter follows the owner's newest AMI, and nothing is written without a newer one", async () => {
  const { release, put, run, parameter, unresolved, pass } = await start();
  const first = release("20260401-1");
  await put(first);

  expect(await run()).toEqual({ moved: [] });
  await pass(3_600_000);
  const second = release("20260410-1");
  expect(await run()).toEqual({ moved: [IMAGE] });
  expect(await parameter()).toBe(second);
  expect(await run()).toEqual({ moved: [] });
  expect(unresolved()).toEqual([]);
});

test("a stranger's newer AMI of the same name changes nothing", async () => {
  const { publishStrange, release, put, run, parameter, pass } = await start();
  const first = release("20260401-1");
  await put(first);
  await pass(3_600_000);
  publishStrange();

  expect(await run()).toEqual({ moved: [] });
  expect(await parameter()).toBe(first);
});

test("if the newest AMI is removed the parameter stays, which is reported once, until a newer AMI is published", async () => {
  const { release, withdraw, put, run, parameter, unresolved, pass } = await start();
  await put(release("20260401-1"));
  await pass(3_600_000);
  const second = release("20260410-1");
  await run();
  await withdraw(second);

  expect(await run()).toEqual({ moved: [] });
  await run();
  expect(await parameter()).toBe(second);
  expect(unresolved()).toMatchObject([{ image: IMAGE, present: second, code: "withdrawn" }]);

  const third = release("20260420-1");
  expect(await run()).toEqual({ moved: [IMAGE] });
  expect(await parameter()).toBe(third);
});

test("an AMI that its owner removes between deployment and first run is reported and not replaced by an older one", async () => {
  const { release, withdraw, put, run, parameter, unresolved, pass } = await start();
  release("20260401-1");
  await pass(3_600_000);
  const newest = release("20260410-1");
  await put(newest);
  await withdraw(newest);

  expect(await run()).toEqual({ moved: [] });
  await run();
  expect(await parameter()).toBe(newest);
  expect(unresolved()).toMatchObject([{ image: IMAGE, present: newest, code: "withdrawn" }]);

  await pass(3_600_000);
  const third = release("20260420-1");
  expect(await run()).toEqual({ moved: [IMAGE] });
  expect(await parameter()).toBe(third);
});

test("another owner's AMI in the parameter, however new, is replaced by the owner's before the first run too", async () => {
  const { publishStrange, release, put, run, parameter, unresolved, pass } = await start();
  const newest = release("20260401-1");
  await pass(3_600_000);
  const strange = publishStrange();
  await put(strange);

  expect(await run()).toEqual({ moved: [IMAGE] });
  expect(await parameter()).toBe(newest);
  expect(unresolved()).toEqual([]);
});

test("a pattern that matches nothing leaves the parameter as it is, which is reported once for each pattern", async () => {
  const { factory, release, put, run, parameter, unresolved } = await start();
  const first = release("20260401-1");
  await put(first);
  await run();
  const changed = (name: string) => ({
    factory: {
      ...factory,
      images: { [IMAGE]: { ...factory.images[IMAGE]!, parent: { ami: { owner: DEBIAN, name }, ssm: PARAMETER } } },
    },
  });

  await run(changed("debian-99-*"));
  await run(changed("debian-99-*"));
  await run(changed("DEBIAN-12-*"));

  expect(await parameter()).toBe(first);
  expect(unresolved().map(({ code, name }) => [code, name])).toEqual([
    ["none", "debian-99-*"],
    ["none", "DEBIAN-12-*"],
  ]);
  expect(await run()).toEqual({ moved: [] });
});
