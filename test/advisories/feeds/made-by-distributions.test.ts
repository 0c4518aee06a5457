import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readFeed } from "../../../adapters/advisories/read-feed.ts";
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
