import { expect, test } from "vitest";
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

const nested = (levels: number) => `<updates>${"<a>".repeat(levels - 1)}${"</a>".repeat(levels - 1)}</updates>`;
const update = (n: number) =>
  `<update><id>A${n}</id><pkglist><collection><package name="p" version="${n}"/></collection></pkglist></update>`;
const updates = (count: number) => `<updates>${Array.from({ length: count }, (_, n) => update(n)).join("")}</updates>`;
const paragraphs = (count: number) =>
  Array.from({ length: count }, (_, n) => `Package: p${n}\nVersion: 1\nArchitecture: amd64\n`).join("\n");

test("elements are nested 64 levels deep, and no deeper", async () => {
  expect([await rpm(nested(64)), await rpm(nested(65))]).toEqual(["read", "too-large"]);
});

test("each limit lets its own value through, and nothing more", async () => {
  // An update has five elements, and is inside <updates>.
  expect([await rpm(updates(3), { elements: 16 }), await rpm(updates(3), { elements: 15 })]).toEqual([
    "read",
    "too-large",
  ]);
  expect([await rpm(updates(3), { advisories: 3 }), await rpm(updates(4), { advisories: 3 })]).toEqual([
    "read",
    "too-large",
  ]);
  expect([await debian(paragraphs(3), { elements: 3 }), await debian(paragraphs(4), { elements: 3 })]).toEqual([
    "read",
    "too-large",
  ]);
  expect([await debian(paragraphs(3), { advisories: 3 }), await debian(paragraphs(4), { advisories: 3 })]).toEqual([
    "read",
    "too-large",
  ]);
  const { length } = updates(3);
  expect([await rpm(updates(3), { unpacked: length }), await rpm(updates(3), { unpacked: length - 1 })]).toEqual([
    "read",
    "too-large",
  ]);
  // Of each update: its id, and of its package name, architecture and version, each with 64 characters for the object.
  const kept = 3 * (2 + 1 + 0 + 1 + 4 * 64);
  expect([await rpm(updates(3), { kept }), await rpm(updates(3), { kept: kept - 1 })]).toEqual(["read", "too-large"]);
});

test("indexes and signatures have a size limit", async () => {
  const files = rpmFiles("<updates/>");
  const { length } = files.get("/repodata/repomd.xml") as string;
  const { url } = await serve(files);

  expect([
    await outcomeOf(rpmFeed(url), { index: length }),
    await outcomeOf(rpmFeed(url), { index: length - 1 }),
  ]).toEqual(["read", "too-large"]);
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

  expect([
    await outcomeOf(rpmFeed(url), { packed: length }),
    await outcomeOf(rpmFeed(url), { packed: length - 1 }),
  ]).toEqual(["read", "too-large"]);
  expect(repomdOf(files.get("/repodata/updateinfo.xml.gz") as Buffer)).toContain(`<size>${length}</size>`);
});

test("ids, names and versions have at most 1,000 characters", async () => {
  const named = (version: string) => updates(1).replace('version="0"', `version="${version}"`);

  expect([await rpm(named("1".repeat(1_000))), await rpm(named("1".repeat(1_001)))]).toEqual(["read", "too-large"]);
});

const update1 = { ecosystem: "Ubuntu:24.04:LTS", source: "bash", installed: "1", fixed: "3" };

async function osv(answer: string, limits: Partial<FeedLimits> = {}): Promise<string> {
  const { url } = await serve(new Map([["/query", answer]]));
  const { failure } = await readSeverities({ url: `${url}/query`, standIn: true }, [update1], limits);
  return failure?.code ?? "read";
}

test("JSON is nested 64 levels deep, and no deeper; brackets in texts do not count", async () => {
  const json = (levels: number) => `{"x":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

  expect([await osv(json(64)), await osv(json(65))]).toEqual(["read", "too-large"]);
  expect(await osv(JSON.stringify({ x: `${"[{".repeat(100)}\\"` }))).toBe("read");
});

test("an answer has limits on bytes and values", async () => {
  const json = `{"x":[1,2,3]}`;

  expect([await osv(json, { answer: json.length }), await osv(json, { answer: json.length - 1 })]).toEqual([
    "read",
    "too-large",
  ]);
  // The whole, the object, the list, and two commas.
  expect([await osv(json, { elements: 5 }), await osv(json, { elements: 4 })]).toEqual(["read", "too-large"]);
});
