import { DescribeImagesCommand, EC2Client, type Image } from "@aws-sdk/client-ec2";
import { KMSClient, ListGrantsCommand, RevokeGrantCommand } from "@aws-sdk/client-kms";
import { MoveAccountCommand, OrganizationsClient } from "@aws-sdk/client-organizations";
import { expect, test } from "vitest";
import { recordEvidence } from "../../adapters/evidence/evidence.ts";
import { evidence } from "../../core/evidence/evidence.ts";
import { packagesDigest } from "../../core/evidence/manifest.ts";
import type { AmiId, BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../../functions/invocation.ts";
import { undoPromotion } from "../../functions/promotion/undo-promotion.ts";
import { restoreBuild } from "../../functions/revocation/restore-build.ts";
import { revoke } from "../../functions/revocation/revoke-build.ts";
import { keepAsked } from "../../functions/share/keep-grants.ts";
import { prepareImage } from "../../functions/share/prepare-image.ts";
import { shareImage } from "../../functions/share/share-image.ts";
import { IMAGE, REGIONS } from "../world/factory-of.ts";
import { FACTORY, MANAGEMENT } from "../world/organization.ts";
import { DAY, MINUTE } from "../world/time.ts";
import { openWorld, type World } from "../world/world.ts";
import { type ConsumerWorld, openConsumers } from "./consumer-world.ts";

const nothing = { all: 0, fixable: 0 };
const channels = [
  { name: "candidate", share: { organizationalUnits: ["ou-exam-sandbox1"] } },
  { name: "stable", share: { organization: true as const } },
];

/** A build with its AMIs; `step` has the arguments of a function that undoes shares. */
async function open() {
  const world = await openWorld({ channels });
  const built = await world.addBuild(1);
  const step = () => world.step({ env: { SOURCE_COMMIT: "0a1b2c3d" } });
  return { ...world, ...built, step };
}

async function shareFor(channel: string, { build, step }: { build: BuildArn; step: () => Invocation }) {
  for (const region of REGIONS) await shareImage({ image: IMAGE, build, channel, region }, step());
}

const describe = async (world: Pick<World, "optionsOf">, region: string, ami: AmiId | undefined): Promise<Image> => {
  const { Images = [] } = await new EC2Client(world.optionsOf(FACTORY, region)).send(
    new DescribeImagesCommand({ Filters: [{ Name: "image-id", Values: [ami ?? ""] }], IncludeDisabled: true }),
  );
  return Images[0] ?? {};
};

/** The watermarks of each region's AMI. */
const marks = (world: Awaited<ReturnType<typeof open>>) =>
  Promise.all(
    REGIONS.map(async (region) =>
      (await describe(world, region, world.amis[region])).ImageWatermarks?.map(({ WatermarkKey }) => WatermarkKey),
    ),
  );

const markOf = (channel: string) => `${FACTORY}:amint/sharing-${IMAGE}/${channel}`;
const both = [markOf("candidate"), markOf("stable")];
const everywhere = (keys: readonly string[] | undefined) => REGIONS.map(() => keys);
const none = everywhere([]);

test("a build bears the mark of each channel that it is shared for, in every region, also when shared twice", async () => {
  const world = await open();

  await shareFor("candidate", world);
  const first = await marks(world);
  await shareFor("stable", world);
  await shareFor("stable", world);

  expect(first).toEqual(everywhere([markOf("candidate")]));
  expect(await marks(world)).toEqual(everywhere(both));
});

test("a revoked build loses its marks on every copy, and a restored one has them again", async () => {
  const world = await open();
  const { build, step } = world;
  await shareFor("candidate", world);
  await shareFor("stable", world);

  const { revoked } = await revoke({ build, by: "ada", reason: "a leak", descendants: false }, step());
  const without = await marks(world);
  await restoreBuild({ build, by: "ada", reason: "no leak", request: "r-1", goesOn: false }, step());

  expect(revoked[0]?.left).toEqual([]);
  expect(without.map((keys) => keys ?? [])).toEqual(none);
  expect(await marks(world)).toEqual(everywhere(both));
});

test("an undone promotion removes its marks", async () => {
  const world = await open();
  await shareFor("candidate", world);

  await undoPromotion(
    { image: IMAGE, build: world.build, error: { Error: "CopyFailed", Cause: "none" }, triesLeft: 0 },
    world.step(),
  );

  expect((await marks(world)).map((keys) => keys ?? [])).toEqual(none);
});

test("a shared AMI is described, requires IMDSv2, is protected, and has its date, in every region", async () => {
  const world = await open();
  const { build, step } = world;
  const installed = { packages: [{ name: "bash", version: "5.2", release: "1", architecture: "x86_64" }] };
  const digest = packagesDigest(installed);
  const found = {
    collectedAt: new Date().toISOString(),
    tests: [],
    cve: { scan: "COMPLETED", counts: { critical: nothing, high: nothing, medium: nothing }, findings: [] },
    packageCount: 1,
    packagesDigest: digest,
    key: "evidence.json",
  };
  await recordEvidence(world.ledger, build, evidence.parse(found));

  for (const region of REGIONS) await prepareImage({ image: IMAGE, build, region }, step());
  for (const region of REGIONS) await prepareImage({ image: IMAGE, build, region }, step());

  const images = await Promise.all(REGIONS.map((region) => describe(world, region, world.amis[region])));
  for (const image of images) {
    expect(image).toMatchObject({ ImdsSupport: "v2.0", DeregistrationProtection: "enabled-without-cooldown" });
    const after = Date.parse(image.DeprecationTime ?? "") - Date.now();
    expect(Math.abs(after - 180 * DAY)).toBeLessThan(2 * 60_000);
    expect(Object.fromEntries((image.Tags ?? []).map(({ Key, Value }) => [Key, Value]))).toEqual({
      "amint:factory": "sharing",
      "amint:image": IMAGE,
      "amint:build": "1.0.0/1",
      "amint:commit": "0a1b2c3d",
      "amint:packages": digest,
    });
  }
  expect(images).toHaveLength(2);
});

const UNIT = "ou-exam-workload";
const BUILD = "400000000001";
const TEST = "400000000002";
const PRODUCTION = "500000000001";
const share = { organizationalUnits: [UNIT] };

/** The hourly request of follow-organization, carried out a number of minutes from now. */
async function keep(world: ConsumerWorld, minutes = 0): Promise<number> {
  world.asked.length = 0;
  await world.look();
  const events = world.asked.filter(({ name }) => name === "keep-grants").map(({ event }) => event);
  const step = world.step();
  const now = new Date(step.now.getTime() + minutes * MINUTE);
  for (const event of events) await keepAsked(event as never, { ...step, now });
  return events.length;
}

/** Accounts with a grant, region by region, as the keys' owner sees them. */
const granted = (world: ConsumerWorld) =>
  Promise.all(
    REGIONS.map(async (region, nth) => {
      const kms = new KMSClient(world.optionsOf(FACTORY, region));
      const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId: world.keys[nth] }));
      return Grants.map(({ GranteePrincipal = "" }) => GranteePrincipal.split(":")[4]).toSorted();
    }),
  );

test("every account that a channel reaches lets its Auto Scaling use the keys, once, and no other principal", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, TEST, PRODUCTION] });

  const first = await keep(world);
  const again = await keep(world);

  expect(await granted(world)).toEqual(REGIONS.map(() => [BUILD, TEST, PRODUCTION]));
  expect([first, again]).toEqual([1, 0]);
});

test("a grant that was taken away is made again, and that of an account that left is taken away", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, TEST, PRODUCTION] });
  await keep(world);
  const kms = new KMSClient(world.optionsOf(FACTORY, REGIONS[1]));
  const { Grants = [] } = await kms.send(new ListGrantsCommand({ KeyId: world.keys[1] }));
  const lost = Grants.find(({ GranteePrincipal = "" }) => GranteePrincipal.includes(BUILD));
  await kms.send(new RevokeGrantCommand({ KeyId: world.keys[1], GrantId: lost?.GrantId }));
  await new OrganizationsClient(world.optionsOf(MANAGEMENT)).send(
    new MoveAccountCommand({ AccountId: TEST, SourceParentId: UNIT, DestinationParentId: "ou-exam-sandbox1" }),
  );

  await keep(world);

  expect(await granted(world)).toEqual(REGIONS.map(() => [BUILD, PRODUCTION]));
});

test("an account without the role delays no other, and is reported once", async () => {
  const world = await openConsumers({ share, deployedTo: [BUILD, PRODUCTION] });

  const said = () => world.said.filter(({ name }) => name === "consumers.failed").map(({ detail }) => detail);
  await keep(world);
  // The organization sends several events for one joining account, each with an attempt.
  await keep(world, 1);
  const atFirst = said();
  await keep(world, 61);
  await keep(world, 121);
  const failed = said();
  await world.deploy(TEST);
  await keep(world);

  expect(atFirst).toEqual([]);
  expect(failed).toEqual([
    { work: "grants", count: 1, accounts: [{ account: TEST, why: expect.stringMatching(/^AccessDenied: /) }] },
  ]);
  expect(await granted(world)).toEqual(REGIONS.map(() => [BUILD, TEST, PRODUCTION]));
});
