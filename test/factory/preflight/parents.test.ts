import { DeregisterImageCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateComponentCommand, ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { inProcessHandler, startAws, VirtualClock } from "embedded-aws";
import { publishPublicImage } from "embedded-aws/seeds";
import { findImage } from "embedded-aws/state";
import { beforeEach, expect, test } from "vitest";
import { readBlueprint } from "../../../cli/command/open-ledger.ts";
import { type ClientIn, runAll } from "../../../cli/factory/preflight/aws-check.ts";
import { foreignComponents } from "../../../cli/factory/preflight/components.ts";
import { parents } from "../../../cli/factory/preflight/parents.ts";
import { rightsOfDeployment } from "../../../cli/factory/preflight/rights-of-deployment.ts";
import { loadProgram } from "../../../cli/try/try.ts";
import { defineFactory } from "../../../core/factory/define-factory.ts";
import { clientOptions } from "../../../local/boot/client-options.ts";
import { factoryOf, HOME, imageOf } from "../../world/factory-of.ts";
import { openWorld, type World } from "../../world/world.ts";

const account = "111122223333";
const DEBIAN = "136693071363";
const RED_HAT = "309956199498";
const STRANGER = "999900001111";
const executionRole = `arn:aws:iam::${account}:role/image-builder`;
const managed = (name: string) => `arn:aws:imagebuilder:${HOME}:aws:image/${name}/x.x.x`;

let world: World;
beforeEach(async () => {
  world = await openWorld();
});

const debian = { os: "debian-12", components: ["amint:update-debian"] } as const;

/** What `amint preflight` finds of one parent. */
async function look(parent: object, image: object = {}, more: object = {}) {
  const images = { base: imageOf({ ...debian, ...image, parent } as never) };
  const organization = { id: "o-exampleorgid", managementAccountId: "999988887777" };
  const factory = defineFactory({ name: "sharing", buildRegion: HOME, regions: [HOME], organization, images, ...more });
  const client: ClientIn = (Class, region) => new Class(world.optionsOf(account, region));
  const blueprint = { partition: "aws" } as never;
  const caller = `arn:aws:iam::${account}:root`;
  const [check] = await runAll(parents({ factory, blueprint, account, caller, client }));
  return check;
}

const publish = (owner: string, name: string, changes: object = {}) =>
  publishPublicImage(world.aws, HOME, {
    owner,
    parameter: undefined,
    name,
    description: "",
    architecture: "x86_64",
    rootDeviceName: "/dev/xvda",
    volumeSizeGiB: 8,
    volumeType: "gp3",
    ...changes,
  });

test("an owner's newest AMI is checked, with its volume and root device", async () => {
  const parent = { ami: { owner: DEBIAN, name: "debian-12-amd64-*" } };

  expect(await look(parent)).toMatchObject({ verdict: "fine", where: "images.base.parent.ami" });
  publish(DEBIAN, "debian-12-amd64-20991231-1", { volumeSizeGiB: 20 });
  expect(await look(parent)).toMatchObject({
    verdict: "fails",
    found: expect.stringContaining("its root volume has 20 GiB"),
    fix: "set images.base.volumeGiB to 20 or more",
  });
});

test("a parameter that would move back to an older AMI is refused if its AMI is gone, and reported if the pattern says so", async () => {
  world = await openWorld({ clock: new VirtualClock(Date.now()) });
  const older = publish(DEBIAN, "debian-12-amd64-20991230-1");
  await world.pass(3_600_000);
  const newest = publish(DEBIAN, "debian-12-amd64-20991231-1");
  const Name = "/imagebuilder/amint/sharing/parents/base";
  const ssm = world.client(SSMClient);
  await ssm.send(new PutParameterCommand({ Name, Value: newest, Type: "String", DataType: "aws:ec2:image" }));
  await world.pass(600_000);
  const named = (name: string) => look({ ami: { owner: DEBIAN, name } });
  const goesBack = { verdict: "fine", found: expect.stringContaining(`older than ${newest}, which ${Name} names`) };

  expect(await named("debian-12-amd64-*")).toMatchObject({ verdict: "fine", found: expect.stringContaining(newest) });
  expect(await named("debian-12-amd64-*30-1")).toMatchObject(goesBack);
  const owner = world.client(EC2Client, { account: DEBIAN });
  await owner.send(new DeregisterImageCommand({ ImageId: newest }));
  expect(await named("debian-12-amd64-2099*")).toMatchObject({
    verdict: "fails",
    found: expect.stringContaining(`${newest} is no longer available`),
    fix: expect.stringContaining('"debian-12-amd64-20991230-1"'),
  });
  expect(await named("debian-12-amd64-20991230-1")).toMatchObject({
    ...goesBack,
    found: expect.stringContaining(older),
  });
});

test.each([
  ["nothing", { owner: DEBIAN, name: "debian-12-amd64-x*" }, 'has no available x86_64 AMI named "debian-12-amd64-x*"'],
  ["capitals", { owner: DEBIAN, name: "Debian-12-amd64-*" }, "that is not deprecated"],
  ["only AMIs of others", { owner: STRANGER, name: "debian-12-amd64-*" }, `belong to ${DEBIAN}`],
])("a pattern that finds %s is refused", async (_, ami, found) => {
  expect(await look({ ami })).toMatchObject({ verdict: "fails", found: expect.stringContaining(found) });
});

test("a pattern that finds another architecture, or deprecated AMIs, is refused with what it finds", async () => {
  publish(RED_HAT, "own-arm", { architecture: "arm64" });
  const old = findImage(world.aws, HOME, publish(RED_HAT, "own-old"));
  Object.assign(old ?? {}, { deprecateAt: Date.now() - 1000 });

  expect(await look({ ami: { owner: RED_HAT, name: "own-arm" } })).toMatchObject({
    verdict: "fails",
    found: expect.stringContaining("those that match are arm64"),
  });
  expect(await look({ ami: { owner: RED_HAT, name: "own-old" } })).toMatchObject({
    verdict: "fails",
    found: expect.stringContaining("those that match are deprecated"),
  });
});

test("a parameter of the account that names an AMI which is deprecated, or not shared, is refused", async () => {
  const ssm = world.client(SSMClient);
  const id = publish(RED_HAT, "own-image");
  const put = (Value: string) =>
    ssm.send(new PutParameterCommand({ Name: "/imagebuilder/own", Value, Type: "String", Overwrite: true }));
  const parent = { ssm: "/imagebuilder/own" };

  await put(id);
  expect(await look(parent)).toMatchObject({ verdict: "fine" });
  Object.assign(findImage(world.aws, HOME, id) ?? {}, { deprecateAt: Date.now() - 1000 });
  expect(await look(parent)).toMatchObject({ verdict: "fails", found: expect.stringContaining("deprecated since") });
  findImage(world.aws, HOME, id)?.permissions.clear();
  expect(await look(parent)).toMatchObject({ verdict: "fails", found: `${id} of /imagebuilder/own is not visible` });
});

test("a parameter of another account that is not shared is refused", async () => {
  const ssm = `arn:aws:ssm:${HOME}:444455556666:parameter/imagebuilder/golden`;

  expect(await look({ ssm })).toMatchObject({
    verdict: "fails",
    found: `account ${account} may not read ${ssm}`,
    fix: expect.stringContaining("share it through RAM"),
  });
});

test("a parameter that the execution role may not read is refused", async () => {
  const iam = world.client(IAMClient);
  const policyOf = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  const trust = { Effect: "Allow", Principal: { Service: "imagebuilder.amazonaws.com" }, Action: "sts:AssumeRole" };
  const RoleName = "image-builder";
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: policyOf(trust) }));
  await world
    .client(SSMClient)
    .send(new PutParameterCommand({ Name: "/golden/own", Value: publish(RED_HAT, "own-image"), Type: "String" }));
  const ssm = "/golden/own";

  expect(await look({ ssm }, {}, { executionRole })).toMatchObject({
    verdict: "fails",
    found: `${executionRole} may not read /golden/own`,
  });
  const Resource = `arn:aws:ssm:${HOME}:${account}:parameter/golden/*`;
  const PolicyDocument = policyOf({ Effect: "Allow", Action: "ssm:GetParameter", Resource });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "golden", PolicyDocument }));
  expect(await look({ ssm }, {}, { executionRole })).toMatchObject({ verdict: "fine" });
});

test("an image that AWS manages is looked at by its newest version", async () => {
  const windows = { os: "windows-2022", components: ["aws:update-windows"], tests: ["amint:windows-system-tests"] };

  expect(await look({ imageBuilder: managed("windows-server-2022-english-full-base-x86") }, windows)).toMatchObject({
    verdict: "fine",
    where: "images.base.parent.imageBuilder",
  });
  expect(await look({ imageBuilder: managed("windows-server-2022-klingon-full-base-x86") }, windows)).toMatchObject({
    verdict: "fails",
    found: `no image that AWS manages ${managed("windows-server-2022-klingon-full-base-x86")}`,
  });
});

test("a deployment's rights count the lookup of owners' AMIs, of which the account here has none", {
  tags: "needs/sst-platform",
}, async () => {
  const { factory, blueprint } = await loadProgram("test/try/configs/by-owner.ts");

  const { actions, incomplete } = await rightsOfDeployment(factory, blueprint);

  expect(incomplete).toBeUndefined();
  expect(actions.has("ec2:DescribeImages")).toBe(true);
});

const OWN = "111122223333";
const arnOf = (name: string) => `arn:aws:imagebuilder:${HOME}:${OWN}:component/${name}/1.x.x`;

const data = `schemaVersion: 1.0
parameters:
  - logGroup: { type: string }
phases:
  - name: build
    steps:
      - { name: Say, action: ExecuteBash, inputs: { commands: ["echo '{{ logGroup }}'"] } }
`;

test("amint preflight looks at components of AWS and of other owners, and at the parameters that they declare", async () => {
  const management = { id: "999988887777", name: "management" };
  const accounts = [{ id: OWN, name: "factory" }];
  const started = await startAws({
    clock: new VirtualClock(0),
    publicImages: [],
    organization: { management, accounts },
  });
  const client: ClientIn = (Class, region) =>
    new Class({
      ...clientOptions(started.url, OWN, region),
      requestHandler: inProcessHandler(started.aws),
      maxAttempts: 1,
    } as never);
  const request = { name: "agents", semanticVersion: "1.0.0", platform: "Linux", data, clientToken: "agents" } as const;
  await client(ImagebuilderClient, HOME).send(new CreateComponentCommand(request));
  const components = [
    "images/components/agents.yaml",
    { aws: "stig-build-linux", parameters: { Level: "Low" } },
    { arn: arnOf("agents"), parameters: { retention: "7" } },
    { arn: arnOf("gone") },
  ];
  const factory = factoryOf({ images: { base: imageOf({ components }) } });
  const asked = { factory, blueprint: await readBlueprint(), account: OWN, caller: `arn:aws:iam::${OWN}:root`, client };

  const checks = await runAll(foreignComponents(asked));

  expect(checks.map(({ where, verdict, found }) => `${where} ${verdict}: ${found}`)).toEqual([
    `images.base.components[1] fine: arn:aws:imagebuilder:${HOME}:aws:component/stig-build-linux/1.0.2/1`,
    "images.base.components[2] fails: the document has no parameter retention; it has logGroup",
    "images.base.components[2] fails: the document's parameter logGroup has no default and no value",
    `images.base.components[3] fails: no component ${arnOf("gone")}`,
    expect.stringContaining("images.base.tests[0] fine: "),
  ]);
});
