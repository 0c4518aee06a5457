import { createHash } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { FeedFailure } from "../../../adapters/advisories/feed-failure.ts";
import { readFeed } from "../../../adapters/advisories/read-feed.ts";
import type { CsafFeed, DebianFeed, Feed, MsrcFeed, RpmFeed } from "../../../core/advisories/feed.ts";

/** A file, or another way to respond. */
export type Answer = Buffer | string | ((response: ServerResponse) => void);

/** Serves files by path on 127.0.0.1 until the test is over; answers 404 to everything else. */
export async function serve(files: ReadonlyMap<string, Answer>): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const answer = files.get(path);
    if (typeof answer === "function") return answer(response);
    response.writeHead(answer === undefined ? 404 : 200).end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const sha256 = (bytes: string | Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** A repomd.xml that lists updateinfo at `location`. */
export const repomdOf = (packed: Buffer, location = "repodata/updateinfo.xml.gz", open?: Buffer | string): string =>
  `<repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="updateinfo">
<checksum type="sha256">${sha256(packed)}</checksum><size>${packed.length}</size>${
    open === undefined
      ? ""
      : `<open-checksum type="sha256">${sha256(open)}</open-checksum><open-size>${open.length}</open-size>`
  }<location href="${location}"/></data></repomd>`;

/** An RPM repository with that updateinfo and its correct checksum. */
export function rpmFiles(updateinfo: string | Buffer): Map<string, Answer> {
  const packed = gzipSync(updateinfo);
  return new Map<string, Answer>([
    ["/repodata/repomd.xml", repomdOf(packed)],
    ["/repodata/updateinfo.xml.gz", packed],
  ]);
}

/** A Debian archive's suite `test-security` with that `Packages` in main and its correct checksums. */
export function debianFiles(packages: string | Buffer, fields = ""): Map<string, Answer> {
  const packed = gzipSync(packages);
  const path = "main/binary-amd64/Packages";
  const release = `Suite: test-security\n${fields}SHA256:\n ${sha256(packages)} ${packages.length} ${path}
 ${sha256(packed)} ${packed.length} ${path}.gz\n`;
  return new Map<string, Answer>([
    ["/dists/test-security/InRelease", release],
    [`/dists/test-security/${path}.gz`, packed],
  ]);
}

export const rpmFeed = (url: string, keys: string[] = []): RpmFeed => ({
  kind: "rpm",
  address: "repomd",
  url: `${url}/repodata/repomd.xml`,
  keys,
  standIn: true,
});

export const debianFeed = (url: string, rest: Partial<DebianFeed> = {}): DebianFeed => ({
  kind: "debian",
  url: `${url}/dists/test-security/InRelease`,
  suite: "test-security",
  components: ["main"],
  architecture: "amd64",
  keys: [],
  standIn: true,
  ...rest,
});

/** Windows Server 2022 in Microsoft's guide. */
export const msrcFeed = (url: string): MsrcFeed => ({
  kind: "msrc",
  url: `${url}/updates`,
  product: "Windows Server 2022",
  build: "10.0.20348",
  name: "p200",
  keys: [],
  standIn: true,
});

/** The guide with one month. */
export const msrcFiles = (month: string | Buffer): Map<string, Answer> =>
  new Map<string, Answer>([
    [
      "/updates",
      '{"value":[{"ID":"2026-Apr","InitialReleaseDate":"2026-04-14T07:00:00","CurrentReleaseDate":"2026-04-14T07:00:00"}]}',
    ],
    ["/cvrf/2026-Apr", month],
  ]);

/** RHEL 9 in Red Hat's documents. */
export const csafFeed = (url: string): CsafFeed => ({
  kind: "csaf",
  url: `${url}/changes.csv`,
  documents: "rhsa-",
  products: { cpe: "redhat:enterprise_linux:9" },
  architecture: "x86_64",
  keys: [],
  standIn: true,
});

/** A number of current documents, each with the same text. */
export const csafFiles = (text: string | Buffer, count = 1): Map<string, Answer> => {
  const paths = Array.from({ length: count }, (_, n) => `2026/rhsa-2026_${n + 1}.json`);
  const at = new Date().toISOString();
  return new Map<string, Answer>([
    ["/changes.csv", paths.map((path) => `"${path}","${at}"\n`).join("")],
    ...paths.map((path) => [`/${path}`, text] as const),
  ]);
};

export const now = Date.parse("2026-04-15T12:00:00Z");
export const anything = { interested: () => true, now };

/** The code and message of the failed read. Fails if the read succeeds. */
export async function failureOf(
  feed: Feed,
  options: Partial<Parameters<typeof readFeed>[1]> = {},
): Promise<FeedFailure> {
  const outcome = await readFeed(feed, { ...anything, ...options }).catch((error: unknown) => error);
  if (outcome instanceof FeedFailure) return outcome;
  throw outcome instanceof Error ? outcome : new Error(`it was read: ${JSON.stringify(outcome)}`);
}
