import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import type { FeedLimits } from "../../../adapters/advisories/fetch-file.ts";
import { readFeed } from "../../../adapters/advisories/read-feed.ts";
import {
  type Answer,
  anything,
  debianFeed,
  debianFiles,
  failureOf,
  repomdOf,
  rpmFeed,
  rpmFiles,
  serve,
} from "./served.ts";

const good = '<updates><update type="security"><id>A</id></update></updates>';
const bash = "Package: bash\nArchitecture: amd64\nVersion: 5.2-1\n";
const updateinfo = "/repodata/updateinfo.xml.gz";
const packages = "/dists/test-security/main/binary-amd64/Packages.gz";

const rpmFailure = async (files: ReadonlyMap<string, Answer>, limits?: Partial<FeedLimits>) =>
  failureOf(rpmFeed((await serve(files)).url), limits && { limits });
const debianFailure = async (files: ReadonlyMap<string, Answer>, limits?: Partial<FeedLimits>) =>
  failureOf(debianFeed((await serve(files)).url), limits && { limits });

const changed = (files: Map<string, Answer>, path: string, change: (bytes: Buffer) => Buffer): Map<string, Answer> => {
  const bytes = files.get(path);
  if (!Buffer.isBuffer(bytes)) throw new Error(`no ${path} to change`);
  return files.set(path, change(bytes));
};
const tampered = (bytes: Buffer): Buffer => Buffer.from(bytes).fill(bytes.at(-1) === 1 ? 2 : 1, bytes.length - 1);
const cut = (bytes: Buffer): Buffer => bytes.subarray(0, bytes.length / 2);

test("a server that is down is named", async () => {
  const failure = await failureOf(rpmFeed("http://127.0.0.1:1"));
  expect(failure).toMatchObject({
    code: "unreachable",
    message: expect.stringContaining("http://127.0.0.1:1/repodata/repomd.xml: connect ECONNREFUSED"),
  });
});

test("an unsuccessful answer is named", async () => {
  const failure = await rpmFailure(
    new Map([["/repodata/repomd.xml", (response) => response.writeHead(503).end("busy")]]),
  );
  expect(failure).toMatchObject({ code: "http-status", message: expect.stringContaining("503") });
});

test("a listed but missing file is named", async () => {
  const files = rpmFiles(good);
  files.delete(updateinfo);
  expect(await rpmFailure(files)).toMatchObject({ code: "http-status", file: expect.stringContaining(updateinfo) });
});

test("endless redirects, and redirects to other schemes, are named", async () => {
  const to =
    (location: string): Answer =>
    (response) =>
      response.writeHead(302, { location }).end();
  expect((await rpmFailure(new Map([["/repodata/repomd.xml", to("/repodata/repomd.xml")]]))).message).toContain(
    "more than 5",
  );
  expect((await rpmFailure(new Map([["/repodata/repomd.xml", to("file:///etc/passwd")]]))).code).toBe("http-status");
});

test("a truncated file is named, whether the connection broke or not", async () => {
  const broken: Answer = (response) => {
    response.writeHead(200, { "content-length": 1_000 }).write("<repomd>");
    setTimeout(() => response.destroy(), 20);
  };
  expect((await rpmFailure(new Map([["/repodata/repomd.xml", broken]]))).code).toBe("truncated");
  expect((await rpmFailure(changed(rpmFiles(good), updateinfo, cut))).code).toBe("truncated");
  expect((await debianFailure(changed(debianFiles(bash), packages, cut))).code).toBe("truncated");
});

test("a file that was tampered with is named with both checksums", async () => {
  const failure = await rpmFailure(changed(rpmFiles(good), updateinfo, tampered));
  expect(failure).toMatchObject({
    code: "checksum-mismatch",
    message: expect.stringMatching(/[0-9a-f]{64}.*[0-9a-f]{64}/),
  });
  expect((await debianFailure(changed(debianFiles(bash), packages, tampered))).code).toBe("checksum-mismatch");
});

test("an unpacked file other than the listed one is named", async () => {
  const files = rpmFiles(good);
  files.set("/repodata/repomd.xml", repomdOf(gzipSync(good), undefined, good.replace("A", "B")));
  expect(await rpmFailure(files)).toMatchObject({
    code: "checksum-mismatch",
    message: expect.stringContaining("unpacked"),
  });
});

test("broken gz and broken XML are named, with the line", async () => {
  const noGzip = Buffer.from("this is not gzip");
  const files = new Map<string, Answer>([
    ["/repodata/repomd.xml", repomdOf(noGzip)],
    [updateinfo, noGzip],
  ]);
  expect((await rpmFailure(files)).code).toBe("malformed");
  const broken = [
    "<updates>\n<title></updates>",
    "<updates>",
    "",
    "<html></html>",
    "<updates>&bomb;</updates>",
    "\xff\xfe",
  ];
  for (const text of broken) {
    const failure = await rpmFailure(rpmFiles(Buffer.from(text, "latin1")));
    expect(failure.message, text).toContain("line ");
  }
});

test("an invalid repomd.xml is named", async () => {
  for (const text of [
    "",
    "not found",
    "<updates/>",
    '<repomd><data type="updateinfo"><location href="x"/></data></repomd>',
  ]) {
    expect((await rpmFailure(new Map([["/repodata/repomd.xml", text]]))).code, text).toBe("malformed");
  }
});

test("entities that a document defines for itself are not expanded", async () => {
  const laughs = '<!DOCTYPE updates [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><updates><id>&b;</id></updates>';
  expect((await rpmFailure(rpmFiles(laughs))).code).toBe("malformed");
});

test("an advisory without an id, and a package without a name, are named", async () => {
  const nameless = '<pkglist><collection><package version="1"/></collection></pkglist>';
  expect((await rpmFailure(rpmFiles(`<updates><update><id>A</id>${nameless}</update></updates>`))).message).toContain(
    '"A"',
  );
  const some = '<pkglist><collection><package name="x" version="1"/></collection></pkglist>';
  expect((await rpmFailure(rpmFiles(`<updates><update>${some}</update></updates>`))).message).toContain("has no id");
});

test("a decompression bomb stops at its limit", async () => {
  const bomb = Buffer.alloc(200 * 2 ** 20, " ").fill("<updates>", 0, 9);
  for (const [ending, packed] of [
    ["gz", gzipSync(bomb)],
    ["zst", zstdCompressSync(bomb)],
  ] as const) {
    const location = `repodata/updateinfo.xml.${ending}`;
    const files = new Map<string, Answer>([
      ["/repodata/repomd.xml", repomdOf(packed, location)],
      [`/${location}`, packed],
    ]);
    const before = process.memoryUsage().rss;
    const failure = await rpmFailure(files, { unpacked: 8 * 2 ** 20, entry: 512 * 2 ** 20 });
    expect(failure, ending).toMatchObject({
      code: "too-large",
      message: expect.stringContaining("more than 8388608 bytes"),
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 2 ** 20);
  }
});

test("more than the limits is named: of the index, of the packed file, of one entry", async () => {
  const long = `<updates><update><id>${"x".repeat(200_000)}</id></update></updates>`;
  expect((await rpmFailure(rpmFiles(good), { index: 10 })).code).toBe("too-large");
  expect((await rpmFailure(rpmFiles(good), { packed: 10 })).code).toBe("too-large");
  expect((await rpmFailure(rpmFiles(long), { entry: 50_000 })).code).toBe("malformed");
  expect((await debianFailure(debianFiles(`${bash}X: ${"x".repeat(200_000)}\n`), { entry: 50_000 })).code).toBe(
    "malformed",
  );
});

test("a file longer than listed is refused", async () => {
  const files = changed(rpmFiles(good), updateinfo, (bytes) => Buffer.concat([bytes, Buffer.alloc(1_000_000)]));
  expect((await rpmFailure(files)).code).toBe("too-large");
});

test("a server that answers slowly, or drop by drop, is named", async () => {
  const never: Answer = () => {};
  const drops: Answer = (response) => {
    const drip = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(drip));
  };
  for (const slow of [never, drops]) {
    expect((await rpmFailure(new Map([["/repodata/repomd.xml", slow]]), { time: 300 })).code).toBe("too-slow");
  }
});

test("a paragraph of Packages without name or version is named with its number", async () => {
  const unnamed = await debianFailure(debianFiles(`${bash}\nVersion: 1\n`));
  expect(unnamed).toMatchObject({ code: "malformed", message: expect.stringContaining("paragraph 2 has no Package") });
  const failure = await debianFailure(debianFiles(`${bash}\nPackage: zsh\nArchitecture: amd64\n`));
  expect(failure).toMatchObject({
    code: "malformed",
    message: expect.stringContaining("paragraph 2 (zsh) has no Version"),
  });
});

test("metadata older than what was read before is refused as outdated, even with valid checksums", async () => {
  const notBefore = Date.parse("2026-04-14T00:00:00Z");
  const rpm = async (at: string) => {
    const files = rpmFiles("<updates/>");
    const dated = String(files.get("/repodata/repomd.xml")).replace(
      "<location",
      `<timestamp>${Date.parse(at) / 1_000}</timestamp><location`,
    );
    return rpmFeed((await serve(files.set("/repodata/repomd.xml", dated))).url);
  };
  const debian = async (at: string) =>
    debianFeed((await serve(debianFiles(bash, `Date: ${new Date(at).toUTCString()}\n`))).url);

  for (const feedOf of [rpm, debian]) {
    const failure = await failureOf(await feedOf("2026-04-13T00:00:00Z"), { notBefore });
    expect([failure.code, failure.message]).toEqual([
      "older",
      expect.stringContaining(
        "is of 2026-04-13T00:00:00.000Z, older than the last one read, of 2026-04-14T00:00:00.000Z",
      ),
    ]);
    expect(await readFeed(await feedOf("2026-04-14T00:00:00Z"), { ...anything, notBefore })).toMatchObject({
      kind: "read",
      revision: { at: notBefore },
    });
  }
});
