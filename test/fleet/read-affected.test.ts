import { stripVTControlCharacters } from "node:util";
import { EC2Client } from "@aws-sdk/client-ec2";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { credentials, TRANSPORTS } from "embedded-aws/testing/clients";
import { anAws, FACTORY, REGION } from "embedded-aws/testing/ec2";
import { expect, test } from "vitest";
import { recordOpen } from "../../adapters/advisories/feed-memory.ts";
import { recordOutcome, recordStart } from "../../adapters/build/builds.ts";
import type { ChannelRecord } from "../../adapters/channel/channels.ts";
import { moveInLedger } from "../../adapters/channel/history.ts";
import { recordEvidence } from "../../adapters/evidence/evidence.ts";
import { evidenceKey, keepEvidence } from "../../adapters/evidence/evidence-store.ts";
import { readAffected, readCounted } from "../../adapters/fleet/read-affected.ts";
import { readFleet } from "../../adapters/fleet/read-fleet.ts";
import { recordCopy } from "../../adapters/promotion/promotion.ts";
import { recordGone } from "../../adapters/retirement/leftovers.ts";
import { changeCells, openClocks } from "../../adapters/rollout/exposures.ts";
import { drawAffected } from "../../cli/fleet/draw-affected.ts";
import type { Evidence } from "../../core/evidence/evidence.ts";
import { packagesDigest } from "../../core/evidence/manifest.ts";
import { joinUses, judgeAll } from "../../core/fleet/affected.ts";
import { addSample } from "../../core/rollout/exposure.ts";
import { type BuildArn, parseAmiId, parseBuildArn } from "../../events/ids.ts";
import { factoryOf, imageOf } from "../world/factory-of.ts";
import { makeLedger } from "../world/ledger.ts";

const BUCKET = "acme-evidence";
const FEED = "https://example.com/al2023/repomd.xml";
const ID = "CVE-2026-1234";
const NOW = new Date("2026-06-01T00:00:00.000Z");
const FIX = 40;
const IMAGES = 6;

const arn = (image: number, nth: number) =>
  parseBuildArn(`arn:aws:imagebuilder:${REGION}:${FACTORY}:image/sharing-image-${image}/1.0.0/${nth}`);
const ami = (image: number, nth: number, region: number) =>
  parseAmiId(`ami-${(image * 10_000 + nth * 10 + region).toString(16).padStart(17, "0")}`);
const started = (nth: number) => new Date(Date.UTC(2026, 0, nth)).toISOString();
/** Two builds after each other have the same packages. */
const manifestOf = (nth: number) => ({
  packages: Array.from({ length: 20 }, (_, n) => ({
    name: n === 0 ? "openssl" : `package-${n}`,
    version: "3.0.8",
    release: `${Math.floor(nth / 2) * 2}.amzn2023`,
    architecture: "x86_64",
  })),
});
const none = { all: 0, fixable: 0 };

/** A factory with this many images and builds per image, whose AMIs EC2 has deleted. */
async function open(images: number, builds: number) {
  const { aws } = anAws();
  const options = await TRANSPORTS[0]!.connect(aws);
  const own = { ...options, region: REGION, credentials: credentials(FACTORY) };
  const ledger = await makeLedger(own);
  const store = { client: new S3Client({ ...own, forcePathStyle: true }), bucket: BUCKET };
  await store.client.send(
    new CreateBucketCommand({ Bucket: BUCKET, CreateBucketConfiguration: { LocationConstraint: REGION } }),
  );
  const factory = factoryOf({
    images: Object.fromEntries(Array.from({ length: images }, (_, n) => [`image-${n}`, imageOf()])),
  });
  for (let image = 0; image < images; image++) {
    const at = { image: `image-${image}`, channel: "stable" };
    let current: ChannelRecord | undefined;
    for (let nth = 1; nth <= builds; nth++) {
      await addBuild(image, nth);
      // Every tenth build enters the channel, and the last one.
      if (nth % 10 > 0 && nth < builds) continue;
      const amis = { [REGION]: ami(image, nth, 0), "us-east-1": ami(image, nth, 1) };
      const next = { build: arn(image, nth), startedAt: started(nth), amis, how: "promotion" as const };
      current = await moveInLedger(ledger, { ...at, now: new Date(started(nth)) }, current, next);
    }
  }
  await recordOpen(ledger, "image-0", FEED, {
    build: arn(0, 1),
    revision: { url: FEED, digest: "sha256:1" },
    open: [
      {
        id: "ALAS2023-2026-1",
        severity: "important",
        cves: [ID],
        fixes: [{ name: "openssl", architecture: "x86_64", version: `3.0.8-${FIX}.amzn2023` }],
      },
    ],
  });

  async function addBuild(image: number, nth: number): Promise<void> {
    const [name, build, manifest] = [`image-${image}`, arn(image, nth), manifestOf(nth)];
    await recordStart(ledger, {
      image: name,
      build,
      startedAt: started(nth),
      triggers: [{ kind: "manual", requestedBy: "ada" }],
    });
    const outcome = { status: "available" as const, endedAt: started(nth), amiId: ami(image, nth, 0) };
    await recordOutcome(ledger, { image: name, build }, outcome);
    await recordCopy(ledger, build, { region: "us-east-1", copy: build, amiId: ami(image, nth, 1) });
    const evidence: Evidence = {
      collectedAt: started(nth),
      sources: [],
      tests: [],
      components: [],
      cve: { scan: "COMPLETED", counts: { critical: none, high: none, medium: none }, findings: [] },
      packageCount: 20,
      packagesDigest: packagesDigest(manifest),
      key: evidenceKey(build),
    };
    // Each image has one package that no other has.
    const installed = {
      packages: [...manifest.packages, { name, version: "1", release: "1", architecture: "noarch" }],
    };
    await recordEvidence(ledger, build, { ...evidence, packagesDigest: packagesDigest(installed) });
    await keepEvidence(store, build, { ...evidence, findings: [], manifest: installed });
  }

  const calls: string[] = [];
  aws.observeCalls(({ service, operation }) => calls.push(`${service}:${operation}`));
  const only = (wanted: ReadonlySet<BuildArn>) =>
    readFleet(ledger, {
      factory,
      only: (build) => wanted.has(build),
      now: NOW,
      ec2: (region) => new EC2Client({ ...own, region }),
    });
  return {
    ledger,
    store,
    factory,
    async ask(text: string, image?: string) {
      calls.length = 0;
      const { target, facts } = await readAffected(ledger, store, { factory, image, text });
      const verdicts = judgeAll(target, facts);
      const affected = new Set([...verdicts].flatMap(([build, { state }]) => (state === "affected" ? [build] : [])));
      const { builds: uses } = await only(affected);
      const counted = Object.fromEntries(
        [...Map.groupBy(calls, (one) => one)].map(([one, some]) => [one, some.length]),
      );
      return { found: joinUses(target, facts, verdicts, uses, await readCounted(ledger, target, image)), counted };
    },
  };
}

test("a factory of 6 images with 50 builds is read with one object for each list of packages", async () => {
  const { ask } = await open(IMAGES, 50);

  const { found, counted } = await ask(ID);
  const one = await ask("openssl@3.0.8-10.amzn2023", "image-3");

  const states = Map.groupBy(
    found.images.flatMap(({ builds }) => builds),
    ({ verdict }) => verdict.state,
  );
  expect([...states].map(([state, some]) => [state, some.length])).toEqual([
    ["fixed", IMAGES * 11],
    ["affected", IMAGES * 39],
  ]);
  expect(found.images[3]).toMatchObject({ image: "image-3", firstFixed: arn(3, FIX) });
  expect(found.outcome).toBe("unknown");
  expect(found.unknownUses).toHaveLength(IMAGES * 3 * 2);
  // 26 lists of packages of each image. A query's page is 1 MB, and a call of EC2's is about 100 AMIs or more.
  expect(counted["s3:GetObject"]).toBe(IMAGES * 26);
  expect(counted["dynamodb:GetItem"]).toBeUndefined();
  expect(counted["dynamodb:Query"]).toBeLessThan(15);
  expect(counted["ec2:DescribeImages"]).toBeLessThan(8);
  expect(Object.values(counted).reduce((sum, n) => sum + n, 0)).toBeLessThan(IMAGES * 26 + 26);
  expect(one.counted["s3:GetObject"]).toBe(26);
  expect(one.found.images.map(({ image }) => image)).toEqual(["image-3"]);
});

test("what a build has is not known where its evidence is gone or unreadable, and removed builds are left out", async () => {
  const { ask, ledger, store } = await open(1, 6);
  await store.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: evidenceKey(arn(0, 1)) }));
  await store.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: evidenceKey(arn(0, 2)), Body: "{" }));
  await recordGone(ledger, arn(0, 6), "its gate rejected it", NOW);

  const { found } = await ask("openssl");

  expect(found.images[0]?.builds.map(({ build, verdict }) => [build, verdict])).toMatchObject([
    [arn(0, 5), { state: "affected", packages: [{ installed: "3.0.8-4.amzn2023" }] }],
    [arn(0, 4), { state: "affected" }],
    [arn(0, 3), { state: "unknown" }],
    [arn(0, 2), { state: "unknown", why: expect.stringContaining("cannot be read") }],
    [arn(0, 1), { state: "unknown", why: "the evidence bucket has no manifest of it" }],
  ]);
  // The channel points at the one that is gone.
  expect(found.images[0]?.channels[0]?.regions[0]).toMatchObject({ build: arn(0, 6), state: "unknown" });
});

test("instances that a running clock counted since are found, with the time of their count; other advisories' are not", async () => {
  const { ask, ledger } = await open(1, 6);
  const seenAt = "2026-05-31T12:00:00.000Z";
  const affected = { build: arn(0, 5), startedAt: started(5) };
  const common = { image: "image-0", channel: "stable", severity: "important" as const, seenAt, affected };
  const clock = { ...common, advisory: "ALAS2023-2026-1", cves: [ID], fixes: [], stillOpen: [], milestones: {} };
  const other = { ...clock, advisory: "ALAS2023-2026-2", cves: [] };
  await openClocks(ledger, [clock, other]);
  const accounts = ["200000000001", "200000000002"];
  const change = (account: string) => addSample(undefined, { at: 3_600, left: Number(account.at(-1)) - 1, fresh: 1 });
  for (const one of [clock, other]) {
    for (const account of accounts) await changeCells(ledger, one, [account], { items: new Map(), change, now: NOW });
  }

  const { found } = await ask(ID);
  const elsewhere = await ask(ID, "image-1");

  const at = { image: "image-0", channel: "stable", advisory: "ALAS2023-2026-1", asOf: "2026-05-31T13:00:00.000Z" };
  expect(found.outcome).toBe("affected");
  expect(found.counted).toEqual([
    { account: "200000000002", instances: 2, ...at },
    { account: "200000000001", instances: 1, ...at },
  ]);
  expect(stripVTControlCharacters(drawAffected(found, new Map([["200000000002", "shop"]])))).toContain(
    "  200000000002  shop                  2 instances  image-0/stable, ALAS2023-2026-1, as of 2026-05-31 13:00 UTC\n",
  );
  expect(elsewhere.found.counted).toEqual([]);
});
