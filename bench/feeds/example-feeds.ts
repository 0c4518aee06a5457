import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { DebianFeed, RpmFeed } from "../../core/advisories/feed.ts";
import { manifest } from "../../core/evidence/manifest.ts";
import { type AptList, textOf } from "./apt-machine.ts";

const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** apt's lists as an archive would serve them; unsigned, because their InRelease lists another compression. */
export function debianFiles(lists: readonly AptList[], architecture: string) {
  const files = new Map<string, Buffer>();
  const feeds: Omit<DebianFeed, "url">[] = [];
  for (const list of lists) {
    const { suite } = list;
    const text = textOf(list);
    const packed = gzipSync(text);
    const path = `main/binary-${architecture}/Packages`;
    const listed = [text, packed].map(
      (bytes, n) => ` ${sha256(bytes)} ${bytes.length} ${path}${n === 1 ? ".gz" : ""}\n`,
    );
    files.set(`/dists/${suite}/InRelease`, Buffer.from(`Suite: ${suite}\nSHA256:\n${listed.join("")}`));
    files.set(`/dists/${suite}/${path}.gz`, packed);
    feeds.push({ kind: "debian", suite, components: ["main"], architecture, keys: [] });
  }
  return {
    files,
    feedsAt: (url: string) =>
      feeds.map((feed) => ({ ...feed, url: `${url}/dists/${feed.suite}/InRelease`, standIn: true as const })),
  };
}

const PACKAGES_EACH = 24;
const NAMES = 900;
/** Odd, as for all packages of x86_64. */
const partOf = (nth: number): number => Math.floor(nth / NAMES) * 2 + 1;

/**
 * An updateinfo, and 3,000 installed packages that it names.
 * @returns also the number of fixes in it for these packages: pairs of an advisory and a package
 */
export function exampleUpdateinfo(advisories: number) {
  const all = Array.from({ length: advisories }, (_, n) => n);
  const one = (n: number, k: number) =>
    `<package name="package${n % NAMES}-part${k}" version="8.${n}.35" release="1.amzn2023" epoch="${k % 3}" arch="${k % 2 ? "x86_64" : "aarch64"}"><filename>Packages/package${n}-part${k}.rpm</filename></package>`;
  const update = (n: number) =>
    `<update status="final" version="1.4" author="a" type="security" from="a"><id>ALAS2023-2026-${n}</id><title>t</title><severity>Important</severity><description>${"A flaw was found in &lt;it&gt;, and this is what is known about it. ".repeat(30)}</description><references>${[1, 2, 3].map((cve) => `<reference href="http://cve.mitre.org/" title="" id="CVE-2026-${n}${cve}" type="cve"/>`).join("")}</references><pkglist><collection short="a"><name>A</name>${Array.from({ length: PACKAGES_EACH }, (_, k) => one(n, k)).join("")}</collection></pkglist></update>`;
  const updateinfo = Buffer.from(`<updates>${all.map(update).join("\n")}</updates>`);
  const packed = gzipSync(updateinfo);
  const repomd = `<repomd><data type="updateinfo"><checksum type="sha256">${sha256(packed)}</checksum><open-checksum type="sha256">${sha256(updateinfo)}</open-checksum><location href="repodata/updateinfo.xml.gz"/></data></repomd>`;
  const installed = Array.from({ length: 3_000 }, (_, n) => ({
    name: `package${n % NAMES}-part${partOf(n)}`,
    epoch: "1",
    version: `8.${(n % NAMES) * 3}.35`,
    release: "1.amzn2023",
    architecture: "x86_64",
  }));
  const isFix = (nth: number, advisory: number): boolean => {
    const epoch = partOf(nth) % 3;
    return advisory % NAMES === nth % NAMES && (epoch > 1 || (epoch === 1 && advisory > (nth % NAMES) * 3));
  };
  const fixes = installed.flatMap((_, nth) => all.filter((advisory) => isFix(nth, advisory))).length;
  return {
    bytes: updateinfo.length,
    text: updateinfo,
    packages: manifest.parse({ packages: installed }),
    fixes,
    files: new Map([
      ["/repodata/repomd.xml", Buffer.from(repomd)],
      ["/repodata/updateinfo.xml.gz", packed],
    ]),
    feedAt: (url: string): RpmFeed => ({
      kind: "rpm",
      address: "repomd",
      url: `${url}/repodata/repomd.xml`,
      keys: [],
      standIn: true,
    }),
  };
}
