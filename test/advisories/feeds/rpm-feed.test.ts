import { execFileSync } from "node:child_process";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "vitest";
import { readFeed } from "../../../adapters/advisories/read-feed.ts";
import { type Answer, anything, failureOf, repomdOf, rpmFeed, rpmFiles, serve } from "./served.ts";

const update = (id: string, inside: string, type = "security"): string =>
  `<update type="${type}"><id>${id}</id>${inside}</update>`;
const openssl = '<package name="openssl" epoch="1" version="3.0.8" release="4.amzn2023" arch="x86_64"/>';
const bash = '<package name="bash" epoch="0" version="5.2" release="1.amzn2023" arch="x86_64"/>';
const updates = (...all: string[]): string => `<?xml version="1.0"?><updates>${all.join("")}</updates>`;
const list = (inside: string): string => `<pkglist><collection>${inside}</collection></pkglist>`;

const read = async (files: ReadonlyMap<string, Answer>, options = {}) =>
  readFeed(rpmFeed((await serve(files)).url), { ...anything, ...options });

test("an advisory has its severity, CVEs and the fixed versions of the requested packages", async () => {
  const references = '<references><reference type="cve" id="CVE-2026-1"/><reference type="self" id="x"/></references>';
  const text = updates(update("ALAS2023-2026-1", `<severity>Important</severity>${references}${list(openssl + bash)}`));

  const reading = await read(rpmFiles(text), { interested: (name: string) => name === "openssl" });

  expect(reading).toMatchObject({
    kind: "read",
    advisories: [
      {
        id: "ALAS2023-2026-1",
        severity: "important",
        cves: ["CVE-2026-1"],
        fixes: [{ name: "openssl", architecture: "x86_64", version: "1:3.0.8-4.amzn2023" }],
      },
    ],
  });
});

test("advisories without requested packages are omitted, and so are bug fixes", async () => {
  const text = updates(update("A", list(bash)), update("B", list(openssl), "bugfix"), update("C", list(openssl)));

  const reading = await read(rpmFiles(text), { interested: (name: string) => name === "openssl" });

  expect(reading).toMatchObject({ advisories: [{ id: "C" }] });
});

test("severities of both vendor families are read; a missing one is unknown", async () => {
  const said = ["Low", "medium", "Moderate", "Important", "critical", "None", ""];
  const text = updates(...said.map((severity, n) => update(`A${n}`, `<severity>${severity}</severity>${list(bash)}`)));

  const reading = await read(rpmFiles(text));

  const found = reading.kind === "read" ? reading.advisories.map(({ severity }) => severity) : [];
  expect(found).toEqual(["low", "medium", "medium", "important", "critical", "unknown", "unknown"]);
});

test("a package without a version is kept as an advisory without a fixed version", async () => {
  const reading = await read(rpmFiles(updates(update("A", list('<package name="bash" arch="x86_64"/>')))));
  expect(reading).toMatchObject({ advisories: [{ id: "A", fixes: [] }] });
});

test("a fix in a module stream names the stream", async () => {
  const reading = await read(rpmFiles(updates(update("A", list(`<module name="nodejs" stream="20"/>${bash}`)))));
  expect(reading).toMatchObject({ advisories: [{ fixes: [{ name: "bash", module: "nodejs:20" }] }] });
});

test("an empty updateinfo is a valid, empty result", async () => {
  expect(await read(rpmFiles(updates()))).toMatchObject({ kind: "read", advisories: [] });
});

test("updateinfo is read from zst, gz and uncompressed files", async () => {
  const text = updates(update("A", list(bash)));
  for (const [name, packed] of [
    ["updateinfo.xml.zst", zstdCompressSync(text)],
    ["updateinfo.xml", Buffer.from(text)],
  ] as const) {
    const files = new Map<string, Answer>([
      ["/repodata/repomd.xml", repomdOf(packed, `repodata/${name}`, text)],
      [`/repodata/${name}`, packed],
    ]);
    expect(await read(files), name).toMatchObject({ advisories: [{ id: "A" }] });
  }
});

function xzFiles(text: Buffer): Map<string, Answer> {
  const packed = execFileSync("xz", ["--stdout", "-1"], { input: text });
  return new Map<string, Answer>([
    ["/repodata/repomd.xml", repomdOf(packed, "repodata/updateinfo.xml.xz", text)],
    ["/repodata/updateinfo.xml.xz", packed],
  ]);
}

test("updateinfo is unpacked from xz", { tags: "needs/xz" }, async () => {
  const text = updates(...Array.from({ length: 500 }, (_, n) => update(`A${n}`, list(bash))));
  const reading = await read(xzFiles(Buffer.from(text)));
  expect(reading.kind === "read" && reading.advisories).toHaveLength(500);
});

test("an xz that is a bomb stops at its limit, and the next one is read", { tags: "needs/xz" }, async () => {
  const bomb = Buffer.alloc(100 * 2 ** 20, " ").fill("<updates>", 0, 9);
  const { url } = await serve(xzFiles(bomb));
  expect((await failureOf(rpmFeed(url), { limits: { unpacked: 2 ** 20 } })).code).toBe("too-large");
  expect(await read(xzFiles(Buffer.from(updates(update("A", list(bash))))))).toMatchObject({
    advisories: [{ id: "A" }],
  });
});

test("a mirror list resolves to the repository", async () => {
  const files = rpmFiles(updates(update("A", list(bash))));
  const served = await serve(files);
  files.set("/mirror.list", `${served.url}/\n`);

  const reading = await readFeed(
    { ...rpmFeed(""), address: "mirror-list", url: `${served.url}/mirror.list` },
    anything,
  );

  expect(reading).toMatchObject({ advisories: [{ id: "A" }], revision: { url: `${served.url}/repodata/repomd.xml` } });
});

test("a mirror list that is an unrelated web page is refused", async () => {
  const { url } = await serve(new Map([["/mirror.list", "<html>please log in</html>"]]));
  const failure = await failureOf({ ...rpmFeed(""), address: "mirror-list", url: `${url}/mirror.list` });
  expect(failure).toMatchObject({ code: "malformed", file: `${url}/mirror.list` });
});

test("a repository without updateinfo is a failure, not an absence of updates", async () => {
  const files = new Map([["/repodata/repomd.xml", '<repomd><data type="primary"/></repomd>']]);
  expect(await failureOf(rpmFeed((await serve(files)).url))).toMatchObject({ code: "missing-metadata" });
});

test("a location outside of the repository is refused", async () => {
  for (const location of ["http://192.0.2.1/updateinfo.xml.gz", "../../elsewhere.xml.gz", "/elsewhere.xml.gz"]) {
    const served = new Map<string, Answer>();
    const { url } = await serve(served);
    served.set("/deep/repodata/repomd.xml", repomdOf(gzipSync(updates()), location));
    expect((await failureOf(rpmFeed(`${url}/deep`))).code, location).toBe("malformed");
  }
});

test("an insecure checksum algorithm is refused by name", async () => {
  const files = rpmFiles(updates());
  files.set("/repodata/repomd.xml", String(files.get("/repodata/repomd.xml")).replace('type="sha256"', 'type="sha"'));
  const failure = await failureOf(rpmFeed((await serve(files)).url));
  expect(failure).toMatchObject({ code: "unknown-format", message: expect.stringContaining("sha256, sha384, sha512") });
});

test("an unknown compression is refused by name", async () => {
  const packed = gzipSync(updates());
  const files = new Map<string, Answer>([
    ["/repodata/repomd.xml", repomdOf(packed, "repodata/updateinfo.xml.bz2")],
    ["/repodata/updateinfo.xml.bz2", packed],
  ]);
  expect(await failureOf(rpmFeed((await serve(files)).url))).toMatchObject({ code: "unknown-format" });
});
