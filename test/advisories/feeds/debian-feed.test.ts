import { expect, test } from "vitest";
import { readFeed } from "../../../adapters/advisories/read-feed.ts";
import { type Answer, anything, debianFeed, debianFiles, failureOf, now, serve } from "./served.ts";

const paragraph = (fields: Record<string, string>): string =>
  Object.entries(fields)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join("");
const openssl = { Package: "libssl3", Source: "openssl", Architecture: "amd64", Version: "3.0.17-1~deb12u2" };

const read = async (files: ReadonlyMap<string, Answer>, interested: (name: string) => boolean = () => true) =>
  readFeed(debianFeed((await serve(files)).url), { ...anything, interested });

test("packages of one source in one version are one advisory, without severity", async () => {
  const packages = [
    openssl,
    { ...openssl, Package: "openssl" },
    { Package: "bash", Version: "5.2-1", Architecture: "all" },
  ];

  const reading = await read(debianFiles(packages.map(paragraph).join("\n")));

  expect(reading).toMatchObject({
    kind: "read",
    advisories: [
      {
        id: "test-security/openssl/3.0.17-1~deb12u2",
        severity: "unknown",
        fixes: [{ name: "libssl3" }, { name: "openssl" }],
      },
      { id: "test-security/bash/5.2-1", fixes: [{ name: "bash", architecture: "all", version: "5.2-1" }] },
    ],
  });
});

test("a rebuild of the same source is another advisory", async () => {
  const source = "golang-thing (1.2-1)";
  const packages = ["1.2-1+b1", "1.2-1+b2"].map((Version, n) => ({ Package: `p${n}`, Source: source, Version }));

  const reading = await read(debianFiles(packages.map(paragraph).join("\n")));

  const ids = reading.kind === "read" ? reading.advisories.map(({ id }) => id) : [];
  expect(ids).toEqual(["test-security/golang-thing/1.2-1+b1", "test-security/golang-thing/1.2-1+b2"]);
});

test("only requested packages are kept, whatever the order of a paragraph's fields", async () => {
  const text = [openssl, { Version: "1", Package: "zsh" }, { Version: "2", package: "bash" }]
    .map(paragraph)
    .join("\n\n");
  const reading = await read(debianFiles(text), (name) => name === "bash");
  expect(reading).toMatchObject({ advisories: [{ id: "test-security/bash/2" }] });
});

test("files are requested by checksum if the archive supports it", async () => {
  const files = debianFiles(paragraph(openssl), "Acquire-By-Hash: yes\n");
  const path = "/dists/test-security/main/binary-amd64/Packages.gz";
  const [, hash] =
    /^ ([0-9a-f]{64}) \d+ .*Packages\.gz$/m.exec(String(files.get("/dists/test-security/InRelease"))) ?? [];
  files.set(`/dists/test-security/main/binary-amd64/by-hash/SHA256/${hash}`, files.get(path) ?? "");
  files.delete(path);

  expect(await read(files)).toMatchObject({ advisories: [{ id: "test-security/openssl/3.0.17-1~deb12u2" }] });
});

test("an archive past its Valid-Until is a failure, even if the server reports no change", async () => {
  const valid = (time: number) => debianFiles(paragraph(openssl), `Valid-Until: ${new Date(time).toUTCString()}\n`);
  const { url } = await serve(valid(now - 1_000));
  expect((await failureOf(debianFeed(url))).code).toBe("expired");

  const fresh = valid(now + 60_000);
  const current = await serve(fresh);
  const reading = await readFeed(debianFeed(current.url), anything);
  const known = reading.kind === "read" ? { ...reading.revision, etag: '"1"' } : undefined;
  fresh.set("/dists/test-security/InRelease", (response) => response.writeHead(304).end());

  expect(await readFeed(debianFeed(current.url), { ...anything, known })).toEqual({ kind: "unchanged" });
  expect((await failureOf(debianFeed(current.url), { known, now: now + 120_000 })).code).toBe("expired");
});

test("the Release of another suite is refused", async () => {
  const { url } = await serve(debianFiles(paragraph(openssl)));
  const files = debianFiles(paragraph(openssl));
  files.set("/dists/other-security/InRelease", files.get("/dists/test-security/InRelease") ?? "");
  const failure = await failureOf(debianFeed(url, { suite: "noble-security" }));
  expect(failure).toMatchObject({ code: "malformed", message: expect.stringContaining('not of "noble-security"') });
});

test("a component that the archive does not list is a failure, not an absence of updates", async () => {
  const { url } = await serve(debianFiles(paragraph(openssl)));
  const failure = await failureOf(debianFeed(url, { components: ["main", "universe"] }));
  expect(failure).toMatchObject({
    code: "missing-metadata",
    message: expect.stringContaining("universe/binary-amd64/Packages"),
  });
});

test("an invalid list of files is refused with its line", async () => {
  const release = (list: string) => new Map([["/dists/test-security/InRelease", `Suite: test-security\n${list}`]]);
  expect((await failureOf(debianFeed((await serve(release(""))).url))).message).toContain("no SHA256 list");
  const failure = await failureOf(debianFeed((await serve(release("SHA256:\n 12 x y\n"))).url));
  expect(failure).toMatchObject({ code: "malformed", message: expect.stringContaining('"12 x y"') });
});
