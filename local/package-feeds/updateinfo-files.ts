import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { parseEvr } from "../../core/advisories/versions.ts";
import type { Files, Publication, PublishedPackage } from "./publication.ts";

const names = {
  al2: ["amazon-linux-2", "Amazon Linux 2"],
  al2023: ["amazon-linux-2023", "Amazon Linux 2023"],
} as const;

/** Systems with this repository format. */
export const amazonLinuxNames = Object.keys(names) as AmazonLinux[];
type AmazonLinux = keyof typeof names;

/**
 * Amazon Linux's repositories below `/al2023` and `/al2`: a mirror list per release points to that release's repository,
 * whose updateinfo has every advisory published until then. Releases are named after days, starting with `opened`.
 * Amazon Linux 2 has a list only for the latest.
 */
export function amazonLinuxFiles(
  system: AmazonLinux,
  base: string,
  opened: number,
  publications: readonly Publication[],
): Files {
  const mine = publications.filter(({ os }) => os === system);
  const releases = new Map([{ at: opened }, ...mine].map(({ at }) => [releaseOf(at), at]));
  const folder = `/${system}/core/`;
  return (path) => {
    if (!path.startsWith(folder)) return undefined;
    const below = path.slice(folder.length).replace(/^latest\//, "mirrors/latest/");
    const [, kind, asked = "", architecture, file] =
      /^(mirrors|guids)\/([^/]+)\/(x86_64|aarch64)\/(mirror\.list|repodata\/.+)$/.exec(below) ?? [];
    const release = asked === "latest" ? [...releases.keys()].toSorted().at(-1) : asked;
    const until = releases.get(release ?? "");
    if (!file || until === undefined) return undefined;
    if (kind === "mirrors") return Buffer.from(`${base}${folder}guids/${release}/${architecture}/\n`);
    const updateinfo = gzipSync(
      writeUpdateinfo(
        names[system],
        mine.filter(({ at }) => at <= until),
      ),
    );
    if (file === "repodata/updateinfo.xml.gz") return updateinfo;
    return file === "repodata/repomd.xml" ? Buffer.from(writeRepomd(updateinfo, until)) : undefined;
  };
}

const rebuilds: Readonly<Record<string, string>> = { rocky: "Rocky Linux", alma: "AlmaLinux" };

/** The repositories of Rocky below `/rocky` and of AlmaLinux below `/alma`: everything in BaseOS, nothing in AppStream. */
export function enterpriseLinuxFiles(opened: number, publications: readonly Publication[]): Files {
  return (path) => {
    const [, folder = "", release, repository, file] =
      /^\/(rocky|alma)\/(9|10)\/(BaseOS|AppStream)\/(?:x86_64|aarch64)\/os\/repodata\/(repomd\.xml|updateinfo\.xml\.gz)$/.exec(
        path,
      ) ?? [];
    if (!file) return undefined;
    const name = `${folder}-${release}`;
    const mine = repository === "BaseOS" ? publications.filter(({ os }) => os === name) : [];
    const updateinfo = gzipSync(writeUpdateinfo([name, `${rebuilds[folder]} ${release}`], mine));
    return file === "repomd.xml" ? Buffer.from(writeRepomd(updateinfo, mine.at(-1)?.at ?? opened)) : updateinfo;
  };
}

/** `2023.10.20260413`: the tenth minor version, released that day. */
const releaseOf = (at: number): string => `2023.10.${new Date(at).toISOString().slice(0, 10).replaceAll("-", "")}`;

const writeRepomd = (updateinfo: Buffer, at: number): string => `<?xml version="1.0" encoding="UTF-8"?>
<repomd xmlns="http://linux.duke.edu/metadata/repo" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
  <revision>${Math.floor(at / 1_000)}</revision>
  <data type="updateinfo">
    <checksum type="sha256">${createHash("sha256").update(updateinfo).digest("hex")}</checksum>
    <location href="repodata/updateinfo.xml.gz"/>
    <timestamp>${Math.floor(at / 1_000)}</timestamp>
    <size>${updateinfo.length}</size>
  </data>
</repomd>
`;

/** Short and full name. */
type Names = readonly [short: string, name: string];

const writeUpdateinfo = (system: Names, publications: readonly Publication[]): string =>
  `<?xml version="1.0" ?>\n<updates>${publications.map((one) => writeUpdate(system, one)).join("")}</updates>\n`;

function writeUpdate([short, name]: Names, { at, advisory, packages }: Publication): string {
  if (!advisory) return "";
  const { id, severity, cves } = advisory;
  const date = new Date(at).toISOString().slice(0, 16).replace("T", " ");
  const references = cves.map((cve) => `<reference href="" id="${escaped(cve)}" title="" type="cve"/>`);
  return `<update author="linux-security@amazon.com" from="linux-security@amazon.com" status="final" type="security" version="1.4">
<id>${escaped(id)}</id><title>${name} - ${escaped(id)}</title><issued date="${date}"/><updated date="${date}"/>
<severity>${severity}</severity><description>An example.</description><references>${references.join("")}</references>
<pkglist><collection short="${short}"><name>${name}</name>${packages.map(writePackage).join("")}</collection></pkglist>
</update>`;
}

function writePackage({ name, architecture, version: full }: PublishedPackage): string {
  const { epoch, version, release } = parseEvr(full);
  const [n, a, v, r] = [name, architecture, version, release].map(escaped);
  return `<package arch="${a}" epoch="${epoch}" name="${n}" release="${r}" version="${v}"><filename>Packages/${n}-${v}-${r}.${a}.rpm</filename></package>`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
