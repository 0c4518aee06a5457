import { EC2Client } from "@aws-sdk/client-ec2";
import { SSMClient } from "@aws-sdk/client-ssm";
import { VirtualClock } from "embedded-aws";
import { addImage } from "embedded-aws/seeds";
import { builderState, ec2State, findImage, type ImageRecord } from "embedded-aws/state";
import { expect, test } from "vitest";
import { readAllImageStates } from "../../adapters/build/image-state.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import { remove, set } from "../../adapters/ledger/table.ts";
import { recordCopiedAmi, recordShare } from "../../adapters/promotion/promotion.ts";
import { readLaunchPermission } from "../../adapters/share/amis.ts";
import { keyOf } from "../../core/ledger/kinds.ts";
import { noPermission } from "../../core/share/launch-permission.ts";
import { type AmiId, type BuildArn, parseAmiId } from "../../events/ids.ts";
import { mirrorChannels } from "../../functions/channel/mirror-channel.ts";
import { advanceExport } from "../../functions/export/advance-export.ts";
import { followOrganization } from "../../functions/organization/follow-organization.ts";
import { repairParameters } from "../../functions/repair/repair-parameters.ts";
import { repairShares } from "../../functions/repair/repair-shares.ts";
import { everything } from "../../functions/repair/scope.ts";
import { reshareAmi } from "../../functions/revocation/reshare-build.ts";
import { prepareImage } from "../../functions/share/prepare-image.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { openContainers } from "../containers/container-world.ts";
import { openConsumers } from "../share/consumer-world.ts";
import { HOME, IMAGE, REGIONS } from "../world/factory-of.ts";
import { FACTORY, MANAGEMENT, STRANGER } from "../world/organization.ts";
import { repairing } from "../world/repairing.ts";
import { BEGIN, HOUR } from "../world/time.ts";
import { openWorld, type World } from "../world/world.ts";

const [, OTHER = ""] = REGIONS;
const NAME = "/imagebuilder/amint/sharing/base/stable";

const open = () => openWorld({ clock: new VirtualClock(BEGIN) });

/** An AMI that no build of the factory made, with the factory's tags on it: Image Builder's role may tag any image. */
function plant(world: Pick<World, "aws" | "factory">, account: string, region = HOME): AmiId {
  const plain = { name: "planted", architecture: "x86_64" as const, source: undefined, devices: [] };
  const image = addImage(world.aws, { account, region }, plain);
  // The stranger shares it with the factory's account.
  if (account !== FACTORY) image.permissions.set(`UserId ${FACTORY}`, { kind: "UserId", value: FACTORY });
  world.aws.state(ec2State, account, region).tags.set(image.id, new Map([["amint:factory", world.factory.name]]));
  return parseAmiId(image.id);
}

/** What `reconcile` compares and repairs. */
async function reconcile(world: World): Promise<void> {
  await world.pass(2 * HOUR);
  const known = { states: await readAllImageStates(world.ledger), told: [] };
  const step = repairing(world.step(), "arn:aws:states:eu-west-1:111122223333:stateMachine:promotion");
  await world.through(repairParameters(known, everything(step), step));
  await world.through(repairShares(known, everything(step), step));
  await world.pass(HOUR);
}

const published = (world: World, region = HOME) =>
  world.through(readParameter(world.client(SSMClient, { region }), NAME));
const permitted = (world: World, ami: AmiId, region = HOME) =>
  world.through(readLaunchPermission(world.client(EC2Client, { region }), ami));

const everybody = ({ factory }: World) => ({
  ...noPermission,
  organizationArns: [`arn:aws:organizations::${MANAGEMENT}:organization/${factory.organization.id}`],
});

const share = (world: World, build: BuildArn, region: string) =>
  world.through(shareImage({ image: IMAGE, build, channel: "stable", region }, world.step()));

test("a channel's record that names a stranger's AMI is not published, and the drift is reported", async () => {
  const world = await open();
  const { build, amis } = await world.addBuild(1);
  const foreign = plant(world, STRANGER);
  await world.point("stable", { build, amis: { ...amis, [HOME]: foreign } });

  await reconcile(world);

  expect(await published(world)).toBeUndefined();
  expect(world.details("drift.found")).toContainEqual(
    expect.objectContaining({ done: expect.stringContaining(`belongs to account ${STRANGER}`) }),
  );
});

test("a channel's record that names another AMI of the factory's account is neither published nor shared", async () => {
  const world = await open();
  const { build, amis } = await world.addBuild(1);
  const planted = plant(world, FACTORY);
  await world.point("stable", { build, amis: { ...amis, [HOME]: planted } });
  const record = { channel: "stable", region: HOME, amiId: planted, added: everybody(world), verified: true };
  await recordShare(world.ledger, build, record);

  await reconcile(world);

  expect(await published(world)).toBeUndefined();
  expect(await permitted(world, planted)).toEqual(noPermission);
});

test("a build's record that names another AMI shares nothing", async () => {
  const world = await open();
  const { build } = await world.addBuild(1);
  const planted = plant(world, FACTORY);
  await set(world.ledger, keyOf("build", { image: IMAGE, build }), { amiId: planted });

  await expect(share(world, build, HOME)).rejects.toThrow(`${planted} in ${HOME} is not proven`);
  expect(await permitted(world, planted)).toEqual(noPermission);
});

test("a copy's record that names another AMI shares nothing", async () => {
  const world = await open();
  const { build } = await world.addBuild(1);
  const planted = plant(world, FACTORY, OTHER);
  await recordCopiedAmi(world.ledger, build, OTHER, planted);

  await expect(share(world, build, OTHER)).rejects.toThrow(`${planted} in ${OTHER} is not proven`);
  expect(await permitted(world, planted, OTHER)).toEqual(noPermission);
});

test("a restoration's record that names another AMI shares nothing", async () => {
  const world = await open();
  const { build } = await world.addBuild(1);
  const planted = plant(world, FACTORY);
  const saved = { region: HOME, amiId: planted, permission: everybody(world), marks: ["stable"] };

  await expect(world.through(reshareAmi(build, saved, world.step()))).rejects.toThrow(`${planted} in ${HOME}`);
  expect(await permitted(world, planted)).toEqual(noPermission);
});

test("a share's record that names another AMI gives it to no account that joins", async () => {
  const channels = [{ name: "stable", share: { accountTags: { images: "golden" } } }];
  const world = await openWorld({ clock: new VirtualClock(BEGIN), channels });
  const follow = () =>
    world.through(followOrganization({ scheduledTime: new Date(world.clock.now()).toISOString() }, world.step()));
  await follow();
  const { build, amis } = await world.addBuild(1);
  await world.point("stable", { build, amis });
  const planted = plant(world, FACTORY);
  await recordShare(world.ledger, build, {
    channel: "stable",
    region: HOME,
    amiId: planted,
    added: noPermission,
    verified: true,
  });

  await expect(follow()).rejects.toThrow(`${planted} in ${HOME} is not proven`);
  expect(await permitted(world, planted)).toEqual(noPermission);
});

test("a copy that Image Builder made of another AMI is not the build's", async () => {
  const world = await open();
  const { build, amis } = await world.addBuild(1);
  // Image Builder lists it, in the factory's account, as a copy; only EC2 knows the source.
  const source = { imageId: plant(world, STRANGER), region: HOME };
  const copied = findImage(world.aws, OTHER, amis[OTHER] ?? "");
  Object.assign(copied ?? {}, { source });

  await expect(share(world, build, OTHER)).rejects.toThrow(`it is a copy of ${source.imageId} in ${HOME}`);
});

test("a build that another pipeline made is not the image's", async () => {
  const world = await open();
  const { build } = await world.addBuild(1);
  const { image } = world.aws.state(builderState, FACTORY, HOME).images.get(build) as ImageRecord;
  Object.assign(image, { sourcePipelineArn: `arn:aws:imagebuilder:${HOME}:${FACTORY}:image-pipeline/scratch` });

  await expect(share(world, build, HOME)).rejects.toThrow("image-pipeline/scratch built it");
});

test("a build without a gate's record is published by nothing, whatever a channel's record says", async () => {
  const world = await open();
  const { build, amis } = await world.addBuild(1);
  await remove(world.ledger, keyOf("gate", { build }));
  await world.point("stable", { build, amis });

  await reconcile(world);

  expect(await published(world)).toBeUndefined();
});

test("what Image Builder no longer lists goes by the proof of its promotion, and by nothing else", async () => {
  const world = await open();
  const { build, amis } = await world.addBuild(1);
  await world.through(prepareImage({ image: IMAGE, build, region: HOME }, preparing(world)));
  world.aws.state(builderState, FACTORY, HOME).images.clear();
  const planted = plant(world, FACTORY);

  await share(world, build, HOME);
  await set(world.ledger, keyOf("build", { image: IMAGE, build }), { amiId: planted });
  await expect(share(world, build, HOME)).rejects.toThrow(`the proof from its promotion names ${amis[HOME]}`);
  await expect(share(world, build, OTHER)).rejects.toThrow("the proof from its promotion names nothing");
});

const preparing = (world: World) => world.step({ env: { SOURCE_COMMIT: "unknown" } });

test("a container image that no tag of the build means is not copied to a channel's repository", async () => {
  const world = await openContainers();
  const { build, images } = await world.build(1);
  const other = await world.build(2, "rejected");
  await set(world.ledger, keyOf("build", { image: "web", build }), { amiId: other.images[HOME] });

  const sharing = shareImage({ image: "web", build, channel: "stable", region: HOME }, world.step());

  await expect(world.through(sharing)).rejects.toThrow("none of these tags has its digest");
  expect(images[HOME]).not.toBe(other.images[HOME]);
});

test("a channel's record that names another AMI is not mirrored into consumers' accounts", async () => {
  const consumer = "400000000001";
  const world = await openConsumers({ share: { organizationalUnits: ["ou-exam-workload"] }, deployedTo: [consumer] });
  const amis = await world.promote(1);
  const forged = { ...amis, [HOME]: plant(world, FACTORY) };
  await set(world.ledger, keyOf("channel", { image: IMAGE, channel: "stable" }), { amis: forged });

  await mirrorChannels({ image: IMAGE, channel: "stable", all: true }, world.step());

  expect(await world.copies(consumer)).toEqual([undefined, amis[OTHER]]);
});

test("an export's record that names another AMI exports nothing", async () => {
  const world = await open();
  const { build } = await world.addBuild(1);
  const amiId = plant(world, FACTORY);
  const env = { EXPORTS_BUCKET: "b", EXPORTS_KEY_ARN: "k", EXPORTS_ROLE_NAME: "r", SIGNING_KEY_ARN: "s" };
  const record = { image: IMAGE, channel: "stable", build, amiId, state: "under-way", formats: ["vmdk"], files: {} };

  const begun = advanceExport({ ...record, attempt: 1 } as never, { ...world.step({ env }), isOver: () => false });

  await expect(world.through(begun)).rejects.toThrow(`${amiId} in ${HOME} is not proven`);
});
