import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Files, Publication, PublishedPackage } from "./publication.ts";

const codenames = { "ubuntu-2204": "jammy", "ubuntu-2404": "noble" } as const;
const components = ["main", "restricted", "universe", "multiverse"];
const architectures = ["amd64", "arm64"];

/** Ubuntu's security pockets below `/ubuntu`: everything in `main`, nothing in the other components; in its newest version. */
export function ubuntuFiles(opened: number, publications: readonly Publication[]): Files {
  return (path) => {
    const [, codename, file] = /^\/ubuntu\/dists\/(\w+)-security\/(.+)$/.exec(path) ?? [];
    const mine = publications.filter(
      ({ os }) => Object.hasOwn(codenames, os) && codenames[os as keyof typeof codenames] === codename,
    );
    if (!file || !Object.values<string>(codenames).includes(codename ?? "")) return undefined;
    const files = packagesFiles(mine);
    if (file !== "InRelease") return files.get(file);
    return Buffer.from(writeRelease(`${codename}`, mine.at(-1)?.at ?? opened, files));
  };
}

function packagesFiles(publications: readonly Publication[]): Map<string, Buffer> {
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

const writeRelease = (codename: string, at: number, files: ReadonlyMap<string, Buffer>): string => `Origin: Ubuntu
Label: Ubuntu
Suite: ${codename}-security
Codename: ${codename}
Date: ${new Date(at).toUTCString()}
Architectures: ${architectures.join(" ")}
Components: ${components.join(" ")}
SHA256:
${[...files].map(([path, bytes]) => ` ${createHash("sha256").update(bytes).digest("hex")} ${bytes.length} ${path}\n`).join("")}`;
