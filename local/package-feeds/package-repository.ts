import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { FeedMirrors } from "../../core/advisories/feeds-of.ts";
import type { OperatingSystem } from "../../core/component/operating-system.ts";
import { archiveFiles, TRACKER_FOLDER, trackerFiles } from "./archive-files.ts";
import { csafFiles } from "./csaf-files.ts";
import { type Exploit, exploitFiles, KNOWN_EXPLOITED_PATH, SCORES_PATH } from "./exploit-files.ts";
import { msrcFiles } from "./msrc-files.ts";
import { OSV_PATH, osvAnswerTo } from "./osv-records.ts";
import type { Files, Publication, PublishedPackage } from "./publication.ts";
import { amazonLinuxFiles, amazonLinuxNames, enterpriseLinuxFiles } from "./updateinfo-files.ts";

export interface PackageRepository {
  /** Mirrors to read all operating systems' feeds from. */
  readonly mirrors: FeedMirrors;
  /** Adds a publication that is visible from `at` on. Call in any order, before or after that time. */
  publish(publication: Publication): void;
  /** Takes an advisory back; its packages stay published. */
  withdraw(advisory: string): void;
  /** Adds what is known about a CVE from `at` on. */
  learn(exploit: Exploit): void;
  /** Answers all requests, or those below a folder, with this status from now on; undefined: normal answers. */
  failWith(status: number | undefined, folder?: `/${string}/`): void;
  /** The packages that an upgrade installs now, by name: the latest published version of each. */
  newest(os: Publication["os"]): ReadonlyMap<string, PublishedPackage>;
  /** Requested paths and the status of each answer. */
  readonly requests: readonly { readonly path: string; readonly status: number }[];
  close(): void;
}

/**
 * Vendors' package repositories on 127.0.0.1, with metadata in the vendors' formats, that change over time: Amazon Linux has
 * one release per day with a publication, and `latest`; Ubuntu and Debian a security suite per release, with OSV
 * records for Ubuntu's advisories and Debian's notices; CISA's and FIRST's lists of exploits. Answers conditional
 * requests. Nothing is signed.
 * @param now the time, in milliseconds since 1970; a virtual clock's
 */
export async function startPackageRepository({ now }: { now: () => number }): Promise<PackageRepository> {
  const opened = now();
  const publications: Publication[] = [];
  const requests: { path: string; status: number }[] = [];
  let failing: { readonly status: number; readonly folder: string } | undefined;
  const exploits: Exploit[] = [];
  const published = () => publications.filter(({ at }) => at <= now()).toSorted((a, b) => a.at - b.at);
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    if (failing && path.startsWith(failing.folder)) {
      requests.push({ path, status: end(response, failing.status) });
      return;
    }
    const from = published();
    if (path === OSV_PATH) {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const bytes = osvAnswerTo(Buffer.concat(pieces).toString(), from);
        requests.push({ path, status: end(response, bytes ? 200 : 400, bytes) });
      });
      return;
    }
    const base = `http://${request.headers.host}`;
    const files: readonly Files[] = [
      ...amazonLinuxNames.map((system) => amazonLinuxFiles(system, base, opened, from)),
      enterpriseLinuxFiles(opened, from),
      archiveFiles(opened, now(), from),
      trackerFiles(from),
      csafFiles(opened, from),
      msrcFiles(from),
      exploitFiles(
        opened,
        now(),
        [...exploits, ...from.flatMap(exploitsOf)].filter(({ at }) => at <= now()),
      ),
    ];
    const bytes = files.map((read) => read(path)).find((found) => found !== undefined);
    requests.push({ path, status: answer(request, response, bytes, from.at(-1)?.at ?? opened) });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  // Lambda's environment has 4 KB for all systems, so each entry has only what its kind of feed reads.
  const at = (folder: string) => ({ url: `${url}/${folder}`, keys: [], standIn: true as const });
  const archive = (folder: string) => ({
    ...at(folder),
    severities: `${url}${OSV_PATH}`,
    notices: `${url}${TRACKER_FOLDER}`,
  });
  return {
    mirrors: {
      al2: at("al2"),
      al2023: at("al2023"),
      "ubuntu-2204": archive("ubuntu"),
      "ubuntu-2404": archive("ubuntu"),
      "debian-12": archive("debian"),
      "debian-13": archive("debian"),
      "ubuntu-2604": archive("ubuntu"),
      "ubuntu-pro": archive("ubuntu-pro"),
      "rocky-9": at("rocky"),
      "rocky-10": at("rocky"),
      "alma-9": at("alma"),
      "alma-10": at("alma"),
      "rhel-8": at("redhat"),
      "rhel-9": at("redhat"),
      "rhel-10": at("redhat"),
      "sles-15": at("suse"),
      "sles-16": at("suse"),
      "windows-2019": at("msrc"),
      "windows-2022": at("msrc"),
      "windows-2025": at("msrc"),
      "known-exploited": { url: `${url}${KNOWN_EXPLOITED_PATH}`, standIn: true },
      "exploit-scores": { url: `${url}${SCORES_PATH}`, standIn: true },
    } satisfies Record<OperatingSystem, unknown> & FeedMirrors,
    learn: (exploit) => void exploits.push(exploit),
    publish: (publication) => void publications.push(publication),
    withdraw: (id) => {
      for (const [n, { advisory, ...rest }] of publications.entries()) if (advisory?.id === id) publications[n] = rest;
    },
    failWith: (status, folder?: `/${string}/`) => {
      failing = status === undefined ? undefined : { status, folder: folder ?? "/" };
    },
    newest: (os) =>
      new Map(
        published().flatMap((one) => (one.os === os && !one.pro ? one.packages : []).map((some) => [some.name, some])),
      ),
    requests,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  bytes: Buffer | undefined,
  changed: number,
): number {
  if (!bytes) return end(response, 404);
  const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
  response.setHeader("etag", etag);
  response.setHeader("last-modified", new Date(changed).toUTCString());
  // An entity tag takes precedence; the date counts only without a tag (RFC 9110, 13.1.3).
  const tag = request.headers["if-none-match"];
  const since = Date.parse(request.headers["if-modified-since"] ?? "");
  const same = tag === undefined ? Math.floor(changed / 1_000) * 1_000 <= since : tag === etag;
  return same ? end(response, 304) : end(response, 200, bytes);
}

function end(response: ServerResponse, status: number, bytes?: Buffer): number {
  response.writeHead(status, bytes ? { "content-length": bytes.length } : {});
  response.end(bytes);
  return status;
}

const exploitsOf = ({ at, exploited, advisory }: Publication): Exploit[] =>
  exploited ? (advisory?.cves ?? []).map((cve) => ({ at, cve, exploited })) : [];
