import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFeed } from "../../../adapters/advisories/read-feed.ts";
import type { Feed } from "../../../core/advisories/feed.ts";
import { feedsOf } from "../../../core/advisories/feeds-of.ts";
import { startPackageRepository } from "../../../local/package-feeds/package-repository.ts";
import { type Answer, anything, debianFeed, failureOf, rpmFeed, serve } from "./served.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "amint-repository-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const filesIn = (root: string): Map<string, Answer> =>
  new Map(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [`/${relative(root, path)}`, readFileSync(path)]),
  );

const updateinfo = `<?xml version="1.0" encoding="UTF-8"?>
<updates><update from="x" status="final" type="security" version="1"><id>ALAS2023-2026-7</id><title>t</title>
<severity>critical</severity><references><reference href="h" id="CVE-2026-7" title="" type="cve"/></references>
<pkglist><collection short="s"><name>n</name>
<package name="openssl" version="3.0.8" release="4.amzn2023" epoch="1" arch="x86_64"><filename>f</filename></package>
</collection></pkglist></update></updates>
`;

// createrepo_c packs with zstd from 1.0 on; Debian 12 has 0.17.
for (const packing of ["gz", "xz"]) {
  test(`a repository made by createrepo_c with ${packing} is read`, { tags: "needs/createrepo_c" }, async () => {
    const root = folder();
    execFileSync("createrepo_c", ["--quiet", root], { stdio: "ignore" });
    writeFileSync(join(root, "updateinfo.xml"), updateinfo);
    const args = [
      "--mdtype=updateinfo",
      `--compress-type=${packing}`,
      join(root, "updateinfo.xml"),
      join(root, "repodata"),
    ];
    execFileSync("modifyrepo_c", args, { stdio: "ignore" });

    const reading = await readFeed(rpmFeed((await serve(filesIn(root))).url), anything);

    expect(reading).toMatchObject({
      advisories: [
        {
          id: "ALAS2023-2026-7",
          severity: "critical",
          cves: ["CVE-2026-7"],
          fixes: [{ name: "openssl", version: "1:3.0.8-4.amzn2023" }],
        },
      ],
    });
  });
}

test("a repository made by createrepo_c without updateinfo is a failure", { tags: "needs/createrepo_c" }, async () => {
  const root = folder();
  execFileSync("createrepo_c", ["--quiet", root], { stdio: "ignore" });
  expect((await failureOf(rpmFeed((await serve(filesIn(root))).url))).code).toBe("missing-metadata");
});

/** An archive of real `.deb` files. */
function debianArchive(packings: string): string {
  const root = folder();
  const control = (fields: string) =>
    `${fields}Architecture: all\nMaintainer: A <a@example.com>\nDescription: An example\n`;
  mkdirSync(join(root, "pool"));
  for (const fields of [
    "Package: libssl3\nSource: openssl\nVersion: 3.0.17-1~deb12u2\n",
    "Package: tool\nSource: tool-src (1:2.0-1)\nVersion: 1:2.0-1+b3\n",
  ]) {
    const source = folder();
    mkdirSync(join(source, "DEBIAN"));
    writeFileSync(join(source, "DEBIAN", "control"), control(fields));
    execFileSync("dpkg-deb", ["--build", "--root-owner-group", source, join(root, "pool")], { stdio: "ignore" });
  }
  const suite = "dists/test-security";
  mkdirSync(join(root, suite, "main/binary-amd64"), { recursive: true });
  const run = (...args: string[]): string => execFileSync("apt-ftparchive", args, { cwd: root, encoding: "utf8" });
  const packages = run("packages", "pool");
  writeFileSync(join(root, suite, "main/binary-amd64/Packages"), packages);
  for (const packer of packings.split(" ")) {
    execFileSync(packer, ["--keep", join(root, suite, "main/binary-amd64/Packages")]);
  }
  const release = run("-o", "APT::FTPArchive::Release::Suite=test-security", "release", suite);
  writeFileSync(join(root, suite, "InRelease"), release);
  return root;
}

for (const packings of ["gzip xz", "xz"]) {
  test(`an archive made by apt-ftparchive, packed with ${packings}, is read`, {
    tags: ["needs/apt-ftparchive", "needs/dpkg"],
  }, async () => {
    const files = filesIn(debianArchive(packings));

    const reading = await readFeed(debianFeed((await serve(files)).url), anything);

    expect(reading.kind === "read" && reading.advisories.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      {
        id: "test-security/openssl/3.0.17-1~deb12u2",
        severity: "unknown",
        cves: [],
        fixes: [{ name: "libssl3", architecture: "all", version: "3.0.17-1~deb12u2" }],
        source: { name: "openssl", version: "3.0.17-1~deb12u2" },
      },
      {
        id: "test-security/tool-src/1:2.0-1+b3",
        severity: "unknown",
        cves: [],
        fixes: [{ name: "tool", architecture: "all", version: "1:2.0-1+b3" }],
        source: { name: "tool-src", version: "1:2.0-1" },
      },
    ]);
  });
}

const day = 86_400_000;
const start = Date.parse("2026-04-01T00:00:00Z");
const openssl = { name: "openssl-libs", architecture: "x86_64", version: "1:3.2.2-4.amzn2023" };
const advisory = { id: "ALAS2023-2026-1", severity: "important", cves: ["CVE-2026-1"] } as const;

async function repository() {
  const time = { now: start };
  const running = await startPackageRepository({ now: () => time.now });
  onTestFinished(() => running.close());
  const feed = (os: "al2023" | "ubuntu-2404", release = "latest") => {
    const [only] = feedsOf(os, "x86_64", release, running.mirrors);
    return only as Feed;
  };
  const read = (one: Feed, known?: NonNullable<Parameters<typeof readFeed>[1]["known"]>) =>
    readFeed(one, { interested: () => true, now: time.now, known });
  return { ...running, time, feed, read };
}

test("an advisory is in the newest release once published, and never in an older release", async () => {
  const { publish, feed, read, time } = await repository();
  publish({ at: start + day, os: "al2023", advisory, packages: [openssl] });

  const before = await read(feed("al2023"));
  time.now += day;
  const after = await read(feed("al2023"));
  const older = await read(feed("al2023", "2023.10.20260401"));

  expect(before).toMatchObject({ kind: "read", advisories: [] });
  expect(after).toMatchObject({
    advisories: [{ ...advisory, fixes: [openssl] }],
    revision: { url: expect.stringContaining("/guids/2023.10.20260402/x86_64/repodata/repomd.xml") },
  });
  expect(older).toMatchObject({ advisories: [] });
  expect((await failureOf(feed("al2023", "2023.10.20260403"))).code).toBe("http-status");
});

test("Ubuntu's pocket has a package in its newest version", async () => {
  const { publish, feed, read, newest } = await repository();
  const at = (version: string) => ({ name: "libssl3t64", architecture: "amd64", version, source: "openssl" });
  publish({ at: start - day, os: "ubuntu-2404", packages: [at("3.0.13-0ubuntu3.9")] });
  publish({ at: start - 2 * day, os: "ubuntu-2404", packages: [at("3.0.13-0ubuntu3.7")] });

  expect(await read(feed("ubuntu-2404"))).toMatchObject({
    advisories: [{ id: "noble-security/openssl/3.0.13-0ubuntu3.9", fixes: [{ version: "3.0.13-0ubuntu3.9" }] }],
  });
  expect(newest("ubuntu-2404").get("libssl3t64")?.version).toBe("3.0.13-0ubuntu3.9");
});

test("unchanged files are neither sent nor read again", async () => {
  const { publish, feed, read, requests, time } = await repository();
  for (const os of ["al2023", "ubuntu-2404"] as const) {
    const first = await read(feed(os));
    if (first.kind !== "read") throw new Error("nothing was read");
    const sent = requests.length;

    expect(await read(feed(os), first.revision)).toEqual({ kind: "unchanged" });
    expect(requests.slice(sent).at(-1)).toMatchObject({ status: 304 });

    const { etag: _, lastModified: __, ...withoutValidators } = first.revision;
    expect(await read(feed(os), withoutValidators)).toEqual({ kind: "unchanged" });

    time.now += day;
    publish({ at: time.now, os, advisory, packages: [{ ...openssl, architecture: "amd64" }] });
    expect(await read(feed(os), first.revision), os).toMatchObject({ kind: "read", advisories: [{ fixes: [{}] }] });
  }
});
