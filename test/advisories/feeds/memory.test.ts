import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import type { Feed } from "../../../core/advisories/feed.ts";
import { debianFeed, debianFiles, msrcFeed, msrcFiles, rpmFeed, rpmFiles, serve } from "./served.ts";

const PACKAGES = 100_000;

/** In a separate process with limited memory, which reports its use. */
async function readAlone(feed: Feed): Promise<{ advisories: number; peakMiB: number }> {
  const args = ["--max-old-space-size=96", "test/advisories/feeds/fixtures/read-one.ts", JSON.stringify(feed)];
  return JSON.parse((await promisify(execFile)(process.execPath, args)).stdout);
}

test("a Debian archive of 100,000 packages is read within 256 MiB", async () => {
  const depends = "Depends: libc6 (>= 2.36), libgcc-s1 (>= 3.4), libstdc++6 (>= 11)\n".repeat(6);
  const paragraph = (n: number) =>
    `Package: p${n}\nSource: s${n % 900}\nVersion: 1.${n}-1\nArchitecture: amd64\n${depends}Description: a package\nSHA256: ${n}\n`;
  const packages = Array.from({ length: PACKAGES }, (_, n) => paragraph(n)).join("\n");

  const { advisories, peakMiB } = await readAlone(debianFeed((await serve(debianFiles(packages))).url));

  expect(advisories).toBe(PACKAGES / 200);
  expect(peakMiB).toBeLessThan(256);
});

test("updateinfo with 100,000 packages in 5,000 advisories is read within 256 MiB", async () => {
  const one = (n: number) => `<package name="p${n}" epoch="0" version="1.${n}" release="1.amzn2023" arch="x86_64"/>`;
  const update = (n: number) =>
    `<update type="security"><id>ALAS${n}</id><severity>important</severity><description>${"What it is about. ".repeat(100)}</description>
<pkglist><collection>${Array.from({ length: 20 }, (_, k) => one(n * 20 + k)).join("")}</collection></pkglist></update>`;
  const updateinfo = `<updates>${Array.from({ length: PACKAGES / 20 }, (_, n) => update(n)).join("")}</updates>`;

  const { advisories, peakMiB } = await readAlone(rpmFeed((await serve(rpmFiles(updateinfo))).url));

  expect(advisories).toBe(PACKAGES / 200);
  expect(peakMiB).toBeLessThan(256);
});

test("a month of Microsoft's guide, 20 MB, is read within 256 MiB", async () => {
  const ids = Array.from({ length: 60 }, (_, n) => `${11_000 + n}`);
  const note = { Title: "FAQ", Type: 4, Ordinal: "10", Value: "What it is about, and who has to do what. ".repeat(60) };
  const vulnerability = (n: number) => ({
    CVE: `CVE-2026-${1_000 + n}`,
    Notes: Array(8).fill(note),
    Threats: ids.map((id) => ({ Type: 3, Description: { Value: "Important" }, ProductID: [id] })),
    CVSSScoreSets: ids.map((id) => ({
      BaseScore: 7.8,
      Vector: "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H",
      ProductID: [id],
    })),
    Remediations: ids.map((id, k) => ({
      Type: 2,
      Description: { Value: `50583${k}` },
      URL: "https://catalog.update.microsoft.com/v7/site/Search.aspx",
      FixedBuild: `10.0.20348.${k}`,
      ProductID: [id],
    })),
  });
  const products = ids.map((ProductID, n) => ({ ProductID, Value: n === 59 ? "Windows Server 2022" : `Product ${n}` }));
  const month = JSON.stringify({
    ProductTree: { FullProductName: products },
    Vulnerability: Array.from({ length: 600 }, (_, n) => vulnerability(n)),
  });

  const { advisories, peakMiB } = await readAlone(msrcFeed((await serve(msrcFiles(month))).url));

  expect(month.length).toBeGreaterThan(20_000_000);
  expect(advisories).toBe(1);
  expect(peakMiB).toBeLessThan(256);
});
