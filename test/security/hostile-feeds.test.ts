import type { LookupAddress } from "node:dns";
import { expect, test } from "vitest";
import { readWatchMemory } from "../../adapters/advisories/feed-memory.ts";
import { isPublic, publicLookup } from "../../adapters/advisories/public-addresses.ts";
import { readFeed } from "../../adapters/advisories/read-feed.ts";
import { query } from "../../adapters/ledger/table.ts";
import { feedsOf, parseFeedMirrors } from "../../core/advisories/feeds-of.ts";
import { debianKeys, ubuntuKeys } from "../../core/advisories/vendor-keys.ts";
import { below } from "../../core/ledger/kinds.ts";
import { reportFailure } from "../../functions/advisories/report-failure.ts";
import {
  type Answer,
  anything,
  debianFeed,
  debianFiles,
  failureOf,
  rpmFeed,
  rpmFiles,
  serve,
} from "../advisories/feeds/served.ts";
import { openWorld } from "../world/world.ts";

const good = "<updates/>";

const to =
  (location: string): Answer =>
  (response) =>
    response.writeHead(302, { location }).end();

test("a mirror's redirect reaches nothing else on this machine, however its address is written", async () => {
  const inner = await serve(rpmFiles(good));
  const { port } = new URL(inner.url);
  const hosts = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "[::]"];
  for (const host of hosts) {
    const { url } = await serve(new Map([["/repodata/repomd.xml", to(`http://${host}:${port}/latest/meta-data/`)]]));

    expect((await failureOf(rpmFeed(url))).message, host).toContain("is not a public address");
  }
  expect(inner.asked).toEqual([]);
});

test.each([
  "http://169.254.169.254/latest/meta-data/",
  "http://10.0.0.1/",
  "http://[fd00:ec2::254]/",
  "http://192.168.1.1/",
])("a mirror's redirect to %s is not followed", async (address) => {
  const { url } = await serve(new Map([["/repodata/repomd.xml", to(address)]]));

  expect((await failureOf(rpmFeed(url))).message).toContain("is not a public address");
});

test("a mirror list that names an address inside reaches nothing there", async () => {
  const inner = await serve(rpmFiles(good));
  const { url } = await serve(new Map([["/list", `${inner.url}/\n`]]));

  const failure = await failureOf({ ...rpmFeed(url), address: "mirror-list", url: `${url}/list` });

  expect(failure.message).toContain("is not a public address");
  expect(inner.asked).toEqual([]);
});

test("a vendor's name that resolves to this machine is not asked", async () => {
  const { url, asked } = await serve(rpmFiles(good));

  const { standIn: _, ...vendors } = rpmFeed(url.replace("127.0.0.1", "localhost"));

  expect((await failureOf(vendors)).message).toContain("is not a public address");
  expect((await failureOf({ ...vendors, standIn: true })).message).toContain("is not a public address");
  expect(asked).toEqual([]);
});

test("a name that means another address the second time is not connected to there", async () => {
  const answers: LookupAddress[][] = [
    [
      { address: "93.184.215.14", family: 4 },
      { address: "10.0.0.1", family: 4 },
    ],
    [{ address: "169.254.169.254", family: 4 }],
  ];
  const lookup = publicLookup((_name, _options, done) => done(null, answers.shift() ?? []));
  const connectTo = () =>
    new Promise((resolve) =>
      lookup("rebind.example", { all: true }, (error, found) => resolve(error?.message ?? found)),
    );

  expect(await connectTo()).toEqual([{ address: "93.184.215.14", family: 4 }]);
  expect(await connectTo()).toBe("169.254.169.254 is not a public address; feeds must have one");
});

test("no special-purpose address counts as public", () => {
  const inside = [
    ...[
      "0.0.0.0",
      "10.255.255.255",
      "100.64.0.1",
      "127.0.0.2",
      "169.254.170.2",
      "172.31.0.1",
      "192.168.0.1",
      "198.18.0.1",
    ],
    ...[
      "224.0.0.1",
      "255.255.255.255",
      "::",
      "::1",
      "::ffff:10.0.0.1",
      "64:ff9b::a9fe:a9fe",
      "fc00::1",
      "fd00:ec2::254",
    ],
    ...["fe80::1", "ff02::1", "2001:0:1::", "2001:db8::1", "2002:7f00:1::", "not an address", ""],
  ];

  expect(inside.filter(isPublic)).toEqual([]);
  expect(["93.184.215.14", "172.32.0.1", "2600:9000::1", "2a04:4e42::644"].filter((one) => !isPublic(one))).toEqual([]);
});

test("a mirror that serves unsigned metadata is not believed", async () => {
  const mirror = (text: string) => parseFeedMirrors(text);
  const ubuntu = mirror('{"ubuntu-2404": "http://mirror.example.com/ubuntu"}');
  const amazon = mirror('{"al2023": "https://mirror.example.com/al2023"}');

  expect(feedsOf("ubuntu-2404", "x86_64", "latest", ubuntu)[0]).toMatchObject({ keys: ubuntuKeys });
  const [unsigned] = feedsOf("al2023", "x86_64", "latest", amazon);
  expect(await failureOf(unsigned!)).toMatchObject({
    code: "unusable-key",
    message: expect.stringContaining("feeds.unverified of factory.config.ts"),
  });
  expect(feedsOf("al2023", "x86_64", "latest", amazon, ["al2023"])[0]).toMatchObject({ keys: [] });
  expect(feedsOf("ubuntu-2404", "x86_64", "latest", ubuntu, ["ubuntu-2404"])[0]).toMatchObject({ keys: [] });
});

test("a mirror in the internet cannot be called a stand-in", () => {
  for (const url of ["https://mirror.example.com/al2023", "http://10.0.0.1/", "http://127.0.0.1.example.com/"]) {
    expect(() => parseFeedMirrors(JSON.stringify({ al2023: { url, standIn: true } })), url).toThrow("127.0.0.1");
  }
});

/** Long enough for a search that goes back and forth to take minutes. */
const LONG = 4_000_000;

test("no text that a mirror serves keeps the reader searching in it", async () => {
  const signature = `-----BEGIN PGP SIGNATURE-----\n${" ".repeat(60_000)}`;
  const signed = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n";
  const block = "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n";
  const key = debianKeys[0]!;
  const paragraph = `Package: p200\nVersion: 1${" ".repeat(LONG)}x\nArchitecture: amd64\n`;
  const feeds = {
    "blanks in a signature": [rpmFeed, new Map([...rpmFiles(good), ["/repodata/repomd.xml.asc", signature]]), [key]],
    "blanks in a signed text": [
      debianFeed,
      new Map([["/dists/test-security/InRelease", `${signed}a${" ".repeat(LONG)}x\n${block}`]]),
      [key],
    ],
    "many signatures": [
      debianFeed,
      new Map([["/dists/test-security/InRelease", `${signed}a\n${block.repeat(LONG / 100)}x`]]),
      [key],
    ],
    "blanks in a version": [debianFeed, debianFiles(paragraph), []],
    "slashes in a mirror list": [
      (url: string) => ({ ...rpmFeed(url), address: "mirror-list" as const, url: `${url}/list` }),
      new Map([["/list", `http://a${"/".repeat(LONG)}x\n`]]),
      [],
    ],
  } as const;
  for (const [what, [feedAt, files, keys]] of Object.entries(feeds)) {
    const { url } = await serve(files as ReadonlyMap<string, Answer>);
    const begun = process.threadCpuUsage();

    await failureOf({ ...feedAt(url), keys: [...keys] });

    // Of this thread alone: other programs do not count. A search that backtracks would take minutes.
    const { user, system } = process.threadCpuUsage(begun);
    expect((user + system) / 1_000, what).toBeLessThan(2_000);
  }
});

test("a feed that is read whole was asked at its own place only", async () => {
  const { url, asked } = await serve(rpmFiles(good));

  expect((await readFeed(rpmFeed(url), anything)).kind).toBe("read");
  expect(asked).toHaveLength(2);
});

test("a mirror's password reaches no error, log, event or record", async () => {
  const world = await openWorld();
  const feed = "http://reader:hunter2@127.0.0.1:1";
  const logged: unknown[] = [];
  const log = { info: (...all: unknown[]) => logged.push(all), warn: (...all: unknown[]) => logged.push(all) };
  const failure = await failureOf({ ...rpmFeed("http://127.0.0.1:1"), url: feed });

  const { memory } = await readWatchMemory(world.ledger, [{ image: "base", channel: "stable", feeds: [feed] }]);
  const failed = { feed, kind: "READING", images: ["base"], code: failure.code, reason: failure.message } as const;
  await reportFailure(failed, memory, { ...world.step(), log } as never);
  const again = await readWatchMemory(world.ledger, [{ image: "base", channel: "stable", feeds: [feed] }]);

  expect(again.memory.failure(feed, "READING")).toMatchObject({ code: failure.code });
  const items = await query(world.ledger, below("feedFailure"));
  expect(JSON.stringify([failure.message, failure.file, logged, world.said, items])).not.toContain("hunter2");
  expect(JSON.stringify(world.said)).toContain("http://127.0.0.1:1");
});
