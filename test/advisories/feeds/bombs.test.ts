import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { feedLimits } from "../../../adapters/advisories/fetch-file.ts";
import { chosenOf, isDeep } from "../../whole/deep/size.ts";
import { at, resourcesOf } from "../../world/read-blueprint.ts";
import {
  type Answer,
  csafFeed,
  csafFiles,
  debianFeed,
  debianFiles,
  msrcFeed,
  msrcFiles,
  repomdOf,
  rpmFeed,
  serve,
} from "./served.ts";

const [watchPackages] = resourcesOf("Function").filter((one) => one.name.includes("WatchPackages"));
const memoryMiB = at<number>(watchPackages!, "memorySize");

/** In npm test everything that counts bytes or values is a thirty-second. */
const share = isDeep ? 1 : 1 / 32;
const scaled = (limit: number): number => Math.floor(limit * share);
const limits = {
  ...feedLimits,
  packed: scaled(feedLimits.packed),
  unpacked: scaled(feedLimits.unpacked),
  answer: scaled(feedLimits.answer),
  kept: scaled(feedLimits.kept),
  elements: scaled(feedLimits.elements),
  part: scaled(feedLimits.part),
  advisories: scaled(feedLimits.advisories),
};
/** Lambda gives Node's heap nine tenths of the function's memory. The rest of the function needs up to 200 MiB. */
const heapMiB = Math.max(48, Math.floor(memoryMiB * 0.9 * share));
const mostMiB = isDeep ? memoryMiB - 200 : 400;

/** In a separate process, which crashes if it needs more. */
async function readAlone(feed: object): Promise<{ code?: string; advisories?: number; peakMiB: number }> {
  const args = [`--max-old-space-size=${heapMiB}`, "test/advisories/feeds/fixtures/read-one.ts"];
  const given = [JSON.stringify(feed), JSON.stringify(limits)];
  const { stdout } = await promisify(execFile)(process.execPath, [...args, ...given]);
  const found = JSON.parse(stdout);
  console.info(
    `${Math.round(found.peakMiB)} MiB of ${Math.round(mostMiB)}: ${found.code ?? `${found.advisories} advisories`}`,
  );
  return found;
}

/** As many whole pieces as fit between a beginning and an end. */
function filled(size: number, [begins, piece, ends]: readonly [string, string, string]): Buffer {
  const count = Math.floor((size - begins.length - ends.length) / piece.length);
  return Buffer.concat([Buffer.from(begins), Buffer.alloc(count * piece.length, piece), Buffer.from(ends)]);
}

const rpmBomb = (bytes: Buffer) => {
  const packed = gzipSync(bytes, { level: 1 });
  return new Map<string, Answer>([
    ["/repodata/repomd.xml", repomdOf(packed)],
    ["/repodata/updateinfo.xml.gz", packed],
  ]);
};

const one = '<package name="p200" version="1.000000000000000" release="1.amzn2023" arch="x86_64"/>';
const filler = "x".repeat(60_000);
const text = `<update><id>ALAS-2026-0000000000001</id><description>${filler}</description><pkglist><collection>${one}</collection></pkglist></update>`;
const names = Array.from({ length: 400_000 }, (_, n) => `a${n}=""`).join(" ");
const manyAttributes = `<a ${names.slice(0, names.lastIndexOf(" ", feedLimits.entry - 200_000))}/>`;
const related =
  '{"full_product_name":{"product_id":"a:p200"},"product_reference":"p200-1-1.x86_64","relates_to_product_reference":"a"},';

const fix = (id: string) =>
  `{"id":"${id}","affected":[{"package":{"ecosystem":"Ubuntu:24.04:LTS","name":"p1"},"ranges":[{"events":[{"fixed":"2"}]}]}]},`;

/** A file's beginning, the piece that it is full of, and its end. */
type Bomb = readonly [begins: string, piece: string, ends: string];

/** A test for each bomb; in the deep suite each part takes its share. */
function staysWithin(
  what: string,
  feedOf: (bomb: Bomb) => Promise<object>,
  bombs: Readonly<Record<string, Bomb>>,
  fails?: RegExp,
) {
  const all = Object.entries(bombs);
  const chosen = chosenOf(all, all.length, ([name]) => name);
  test.for(chosen)(`${what} no more memory than the function has: %s`, { timeout: minutes }, async ([, bomb]) => {
    const { code, peakMiB } = await readAlone(await feedOf(bomb));

    if (fails) expect(code).toMatch(fails);
    expect(peakMiB).toBeLessThan(mostMiB);
  });
}

const minutes = isDeep ? 600_000 : 30_000;

staysWithin(
  "updateinfo at its limit takes",
  async (bomb) => rpmFeed((await serve(rpmBomb(filled(limits.unpacked, bomb)))).url),
  {
    "an advisory on an installed package in each piece": ["<updates>", text, "</updates>"],
    "one advisory with as many packages as fit": [
      "<updates><update><id>A</id><collection>",
      one,
      "</collection></update></updates>",
    ],
    "one advisory with as many CVEs as fit": [
      "<updates><update><id>A</id>",
      '<reference type="cve" id="CVE-2026-000000000000"/>',
      "</update></updates>",
    ],
    "nothing but elements": ["<updates>", "<a/>", "</updates>"],
    "nothing but small advisories": ["<updates>", "<update><id>A</id></update>", "</updates>"],
    "tags with as many bytes as they may have": [
      "<updates>",
      `<a c="${"x".repeat(feedLimits.entry - 200_000)}"/>`,
      "</updates>",
    ],
    "tags with as many attributes as they may have": ["<updates>", manyAttributes, "</updates>"],
    "text without a tag": ["<updates>", "x", "</updates>"],
  },
);

staysWithin(
  "Packages at its limit takes",
  async (bomb) => debianFeed((await serve(debianFiles(filled(limits.unpacked, bomb)))).url),
  {
    "long paragraphs": [
      "",
      `Package: p200\nVersion: 1.0-100000000000000\nSource: s\nArchitecture: amd64\nX: ${"x".repeat(1_000_000)}\n\n`,
      "",
    ],
    "short paragraphs": ["", "Package: p200\nVersion: 1\n\n", ""],
  },
);

staysWithin(
  "a month of Microsoft's guide at its limit takes",
  async (bomb) => msrcFeed((await serve(msrcFiles(filled(limits.packed, bomb)))).url),
  {
    "values in a part": ['{"Vulnerability":[[', "{},", "{}]]}"],
    "values outside of parts": ['{"x":[', "1,", '1],"ProductTree":{"FullProductName":[]}}'],
    parts: ['{"Vulnerability":[', "{},", "{}]}"],
    "updates of the product": [
      '{"Vulnerability":[',
      '{"CVE":"CVE-2026-10000","Remediations":[{"Type":2,"FixedBuild":"10.0.20348.1"}]},',
      '{}],"ProductTree":{"FullProductName":[]}}',
    ],
  },
);

staysWithin(
  "CSAF documents at their limit take",
  async (bomb) => csafFeed((await serve(csafFiles(filled(limits.answer, bomb), 8))).url),
  {
    relationships: ['{"product_tree":{"relationships":[', related, `${related.slice(0, -1)}]}}`],
    branches: ['{"product_tree":{"branches":[', '{"branches":[{},{}]},', "{}]}}"],
    "what is fixed": ['{"vulnerabilities":[{"product_status":{"fixed":[', '"a:p200",', '""]}}]}'],
  },
);

staysWithin(
  "a service's answers at their limit take",
  async (bomb) => ({
    kind: "osv",
    url: `${(await serve(new Map([["/query", filled(limits.answer, bomb)]]))).url}/query`,
  }),
  {
    "empty values": ['{"vulns":[', '{"id":"A","affected":[{},{},{},{}]},', '{"id":"B"}],"next_page_token":"more"}'],
    "vulnerabilities that an update fixes": [
      '{"vulns":[',
      fix("UBUNTU-CVE-2026-0000001"),
      '{"id":"B"}],"next_page_token":"more"}',
    ],
    "one text": ['{"vulns":[],"x":"', "x", '","next_page_token":"more"}'],
    "empty lists": ['{"vulns":[],"x":[', "[],", '[]],"next_page_token":"more"}'],
  },
  /^too-(large|slow)$/,
);
