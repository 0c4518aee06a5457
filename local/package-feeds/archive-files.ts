import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Files, Publication, PublishedPackage } from "./publication.ts";

interface Archive {
  readonly origin: string;
  /** By operating system. */
  readonly codenames: Readonly<Partial<Record<Publication["os"], string>>>;
  readonly components: readonly string[];
  /** How long its Release is valid; Ubuntu's does not expire. */
  readonly validDays?: number;
}

const codenames = { "ubuntu-2204": "jammy", "ubuntu-2404": "noble", "ubuntu-2604": "resolute" } as const;

const archives: Readonly<Record<string, Archive>> = {
  apps: { origin: "UbuntuESMApps", codenames, components: ["main"] },
  infra: { origin: "UbuntuESM", codenames, components: ["main"] },
  ubuntu: {
    origin: "Ubuntu",
    codenames,
    components: ["main", "restricted", "universe", "multiverse"],
  },
  debian: {
    origin: "Debian",
    codenames: { "debian-12": "bookworm", "debian-13": "trixie" },
    components: ["main", "contrib", "non-free-firmware", "non-free"],
    validDays: 7,
  },
};

const architectures = ["amd64", "arm64"];

const DAY = 86_400_000;

/**
 * The security suites of Ubuntu below `/ubuntu`, of Ubuntu Pro below `/ubuntu-pro` and of Debian below `/debian`: everything in `main`, nothing in the other
 * components; newest versions only. Debian signs again each day.
 */
export function archiveFiles(opened: number, now: number, publications: readonly Publication[]): Files {
  return (path) => {
    const [, folder = "", suite = "", file] =
      /^\/(\w+|ubuntu-pro\/\w+\/ubuntu)\/dists\/([\w-]+)-security\/(.+)$/.exec(path) ?? [];
    const [codename, pro] = suite.split("-");
    const archive = archives[pro ? folder.replace(/^ubuntu-pro\/(\w+)\/ubuntu$/, "$1") : folder];
    const [os] = Object.entries(archive?.codenames ?? {}).find(([, name]) => name === codename) ?? [];
    if (!archive || !file || os === undefined) return undefined;
    const mine = publications.filter((one) => one.os === os && one.pro === pro);
    const files = packagesFiles(archive, mine);
    if (file !== "InRelease") return files.get(file);
    const at = archive.validDays ? now - (now % DAY) : (mine.at(-1)?.at ?? opened);
    return Buffer.from(writeRelease(archive, `${suite}-security`, at, files));
  };
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Folder of the lists of Debian's security tracker. */
export const TRACKER_FOLDER = "/debian-tracker/data";

/** Packages that Debian published with an advisory, newest first, in the format of its security tracker. */
export function trackerFiles(publications: readonly Publication[]): Files {
  return (path) => {
    const [, list] = /^\/(D[SL]A)\/list$/.exec(path.slice(TRACKER_FOLDER.length)) ?? [];
    if (!path.startsWith(TRACKER_FOLDER) || !list) return undefined;
    // A list is never empty.
    const first = `[01 Jan 2026] ${list}-1-1 example - security update\n\t{CVE-2025-1}\n\t[bullseye] - example 1-1\n`;
    return Buffer.from([...publications.toReversed().flatMap((one) => writeNotice(list, one)), first].join(""));
  };
}

function writeNotice(list: string, { at, os, advisory, packages: [first] }: Publication): string[] {
  const codename = archives.debian?.codenames[os];
  if (!codename || !first || !advisory?.id.startsWith(list)) return [];
  const { name, source = name, version } = first;
  const date = new Date(at);
  const day = `${String(date.getUTCDate()).padStart(2, "0")} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  const cves = advisory.cves.length > 0 ? `\t{${advisory.cves.join(" ")}}\n` : "";
  return [`[${day}] ${advisory.id} ${source} - security update\n${cves}\t[${codename}] - ${source} ${version}\n`];
}

function packagesFiles({ components }: Archive, publications: readonly Publication[]): Map<string, Buffer> {
  const newest = new Map(
    publications.flatMap(({ packages }) => packages.map((one) => [`${one.name}.${one.architecture}`, one])),
  );
  const listed = (component: string, architecture: string) =>
    component === "main" ? [...newest.values()].filter((one) => ["all", architecture].includes(one.architecture)) : [];
  return new Map(
    components.flatMap((component) =>
      architectures.flatMap((architecture): [string, Buffer][] => {
        const path = `${component}/binary-${architecture}/Packages`;
        const packages = Buffer.from(listed(component, architecture).map(writePackage).join("\n"));
        return [
          [path, packages],
          [`${path}.gz`, gzipSync(packages)],
        ];
      }),
    ),
  );
}

function writePackage({ name, architecture, version, source = name }: PublishedPackage): string {
  const fields = { Package: name, Architecture: architecture, Version: version, Source: source };
  const own = Object.entries(fields).filter(([field, value]) => field !== "Source" || value !== name);
  return `${own.map(([field, value]) => `${field}: ${value}\n`).join("")}Description: An example\n`;
}

function writeRelease(
  { origin, components, validDays }: Archive,
  suite: string,
  at: number,
  files: ReadonlyMap<string, Buffer>,
): string {
  const listed = [...files].map(
    ([path, bytes]) => ` ${createHash("sha256").update(bytes).digest("hex")} ${bytes.length} ${path}`,
  );
  return [
    `Origin: ${origin}`,
    `Label: ${origin}`,
    `Suite: ${suite}`,
    `Codename: ${suite.replace("-security", "")}`,
    `Date: ${new Date(at).toUTCString()}`,
    ...(validDays ? [`Valid-Until: ${new Date(at + validDays * DAY).toUTCString()}`] : []),
    `Architectures: ${architectures.join(" ")}`,
    `Components: ${components.join(" ")}`,
    "SHA256:",
    ...listed,
    "",
  ].join("\n");
}
