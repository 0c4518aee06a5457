import fc from "fast-check";
import { expect, test } from "vitest";
import { FeedFailure } from "../../../adapters/advisories/feed-failure.ts";
import type { FeedLimits } from "../../../adapters/advisories/fetch-file.ts";
import { readSeverities } from "../../../adapters/advisories/osv/read-severities.ts";
import { readFeed } from "../../../adapters/advisories/read-feed.ts";
import type { Feed } from "../../../core/advisories/feed.ts";
import { type Answer, anything, debianFeed, debianFiles, repomdOf, rpmFeed, rpmFiles, serve } from "./served.ts";

/** What reading comes to: `read`, or the failure's code. */
async function outcomeOf(feed: Feed, limits: Partial<FeedLimits> = {}): Promise<string> {
  return readFeed(feed, { ...anything, limits }).then(
    ({ kind }) => kind,
    (error: { code?: string }) => error.code ?? String(error),
  );
}

const rpm = async (updateinfo: string, limits?: Partial<FeedLimits>) =>
  outcomeOf(rpmFeed((await serve(rpmFiles(updateinfo))).url), limits);
const debian = async (packages: string, limits?: Partial<FeedLimits>) =>
  outcomeOf(debianFeed((await serve(debianFiles(packages))).url), limits);

/** A read at a limit succeeds, and one above it does not. */
async function expectLimit(within: Promise<string>, above: Promise<string>): Promise<void> {
  expect([await within, await above]).toEqual(["read", "too-large"]);
}

const nested = (levels: number) => `<updates>${"<a>".repeat(levels - 1)}${"</a>".repeat(levels - 1)}</updates>`;
const update = (n: number) =>
  `<update><id>A${n}</id><pkglist><collection><package name="p" version="${n}"/></collection></pkglist></update>`;
const updates = (count: number) => `<updates>${Array.from({ length: count }, (_, n) => update(n)).join("")}</updates>`;
const paragraphs = (count: number) =>
  Array.from({ length: count }, (_, n) => `Package: p${n}\nVersion: 1\nArchitecture: amd64\n`).join("\n");

test("elements are nested 64 levels deep, and no deeper", async () => {
  await expectLimit(rpm(nested(64)), rpm(nested(65)));
});

test("each limit lets its own value through, and nothing more", async () => {
  // An update has five elements, and is inside <updates>.
  await expectLimit(rpm(updates(3), { elements: 16 }), rpm(updates(3), { elements: 15 }));
  await expectLimit(rpm(updates(3), { advisories: 3 }), rpm(updates(4), { advisories: 3 }));
  await expectLimit(debian(paragraphs(3), { elements: 3 }), debian(paragraphs(4), { elements: 3 }));
  await expectLimit(debian(paragraphs(3), { advisories: 3 }), debian(paragraphs(4), { advisories: 3 }));
  const { length } = updates(3);
  await expectLimit(rpm(updates(3), { unpacked: length }), rpm(updates(3), { unpacked: length - 1 }));
  // Of each update: its id, and of its package name, architecture and version, each with 64 characters for the object.
  const kept = 3 * (2 + 1 + 0 + 1 + 4 * 64);
  await expectLimit(rpm(updates(3), { kept }), rpm(updates(3), { kept: kept - 1 }));
});

test("indexes and signatures have a size limit", async () => {
  const files = rpmFiles("<updates/>");
  const { length } = files.get("/repodata/repomd.xml") as string;
  const { url } = await serve(files);

  await expectLimit(outcomeOf(rpmFeed(url), { index: length }), outcomeOf(rpmFeed(url), { index: length - 1 }));
  const signed = await serve(new Map<string, Answer>([...files, ["/repodata/repomd.xml.asc", "x".repeat(65_536)]]));
  const longer = await serve(new Map<string, Answer>([...files, ["/repodata/repomd.xml.asc", "x".repeat(65_537)]]));
  const keys = ["AAAA"];
  expect(await outcomeOf({ ...rpmFeed(signed.url), keys })).not.toBe("too-large");
  expect(await outcomeOf({ ...rpmFeed(longer.url), keys })).toBe("too-large");
});

test("a packed file has a size limit", async () => {
  const files = rpmFiles(updates(3));
  const { length } = files.get("/repodata/updateinfo.xml.gz") as Buffer;
  const { url } = await serve(files);

  await expectLimit(outcomeOf(rpmFeed(url), { packed: length }), outcomeOf(rpmFeed(url), { packed: length - 1 }));
  expect(repomdOf(files.get("/repodata/updateinfo.xml.gz") as Buffer)).toContain(`<size>${length}</size>`);
});

test("ids, names and versions have at most 1,000 characters", async () => {
  const named = (version: string) => updates(1).replace('version="0"', `version="${version}"`);

  await expectLimit(rpm(named("1".repeat(1_000))), rpm(named("1".repeat(1_001))));
});

const update1 = { ecosystem: "Ubuntu:24.04:LTS", source: "bash", installed: "1", fixed: "3" };

async function osv(answer: string, limits: Partial<FeedLimits> = {}): Promise<string> {
  const { url } = await serve(new Map([["/query", answer]]));
  const { failure } = await readSeverities({ url: `${url}/query`, standIn: true }, [update1], limits);
  return failure?.code ?? "read";
}

test("JSON is nested 64 levels deep, and no deeper; brackets in texts do not count", async () => {
  const json = (levels: number) => `{"x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

  await expectLimit(osv(json(64)), osv(json(65)));
  expect(await osv(JSON.stringify({ x: `${"[{".repeat(100)}\\"` }))).toBe("read");
});

test("an answer has limits on bytes and values", async () => {
  const json = `{"x":[1,2,3]}`;

  await expectLimit(osv(json, { answer: json.length }), osv(json, { answer: json.length - 1 }));
  // The whole, the object, the list, and two commas.
  await expectLimit(osv(json, { elements: 5 }), osv(json, { elements: 4 }));
});

const change = fc.record({
  file: fc.nat(),
  at: fc.nat(),
  how: fc.constantFrom("flip", "remove", "insert", "cut"),
  byte: fc.integer({ min: 1, max: 255 }),
  length: fc.integer({ min: 1, max: 20 }),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

function changed(bytes: Buffer, { at: anywhere, how, byte, length }: Change): Buffer {
  const at = anywhere % bytes.length;
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (how) {
    case "flip":
      return Buffer.concat([before, Buffer.from([(after[0] ?? 0) ^ byte]), after.subarray(1)]);
    case "remove":
      return Buffer.concat([before, after.subarray(length)]);
    case "insert":
      return Buffer.concat([before, Buffer.alloc(length, byte), after]);
    case "cut":
      return before;
  }
}

/** However its bytes change, a feed yields the same advisories or an error. */
async function survives(original: ReadonlyMap<string, Answer>, feedAt: (url: string) => Feed): Promise<void> {
  const files = new Map(original);
  const feed = feedAt((await serve(files)).url);
  const right = await readFeed(feed, anything);
  if (right.kind !== "read") throw new Error("nothing was read");
  expect(right.advisories.length).toBeGreaterThan(2);
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(change, async (one) => {
      const [path, content] = [...original][one.file % original.size] ?? ["", ""];
      files.set(path, changed(Buffer.from(content as string | Buffer), one));
      const outcome = await readFeed(feed, anything).catch((error: unknown) => error);
      files.set(path, content);
      if (outcome instanceof FeedFailure) refused += 1;
      else expect(outcome).toMatchObject({ kind: "read", advisories: right.advisories });
    }),
    { numRuns: 400 },
  );
  expect(refused).toBeGreaterThan(200);
}

test("a damaged RPM repository never yields fewer advisories without an error", async () => {
  const one = (n: number) =>
    `<update type="security"><id>A${n}</id><pkglist><collection><package name="p${n}" version="${n}"/></collection></pkglist></update>`;
  await survives(rpmFiles(`<updates>${[1, 2, 3].map(one).join("")}</updates>`), rpmFeed);
});

test("a damaged Debian archive never yields fewer advisories without an error", async () => {
  const paragraphs = [1, 2, 3].map((n) => `Package: p${n}\nArchitecture: amd64\nVersion: ${n}\n`);
  await survives(debianFiles(paragraphs.join("\n")), debianFeed);
});
