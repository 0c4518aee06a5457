import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { type Manifest, manifest } from "../../core/evidence/manifest.ts";

/** A `Packages` that this machine's apt has downloaded. */
export interface AptList {
  /** Such as `bookworm-security`. */
  readonly suite: string;
  readonly path: string;
}

const LISTS = "/var/lib/apt/lists";

/** Debian's lists that apt downloaded last; none on a machine without apt, or before its first `apt-get update`. */
export const aptLists = (): AptList[] =>
  globSync(`${LISTS}/*_debian{,-security}_dists_*_binary-*_Packages*`).map((path) => ({
    suite: /_dists_([^_]+)_/.exec(basename(path))?.[1] ?? "",
    path,
  }));

/** The unpacked text of a list, for any compression. */
export const textOf = ({ path }: AptList): Buffer =>
  execFileSync("/usr/lib/apt/apt-helper", ["cat-file", path], { maxBuffer: 2 ** 30 });

/** The InRelease with which a list was verified. */
export const inReleaseOf = ({ path }: AptList): string =>
  readFileSync(path.replace(/(_dists_[^_]+)_.*$/, "$1_InRelease"), "utf8");

/**
 * dpkg's list of installed packages, with older versions of some of them, as a folder with a `status` file.
 * @param older returns the version that a package should have; its own to leave it unchanged
 */
export function withOlderPackages(
  older: (name: string, version: string, index: number) => string,
  most?: number,
): string {
  const folder = mkdtempSync(join(tmpdir(), "amint-dpkg-"));
  const paragraphs = readFileSync("/var/lib/dpkg/status", "utf8").trimEnd().split("\n\n");
  const changed = paragraphs.slice(0, most).map((paragraph, index) => {
    const name = /^Package: (.*)$/m.exec(paragraph)?.[1] ?? "";
    return paragraph.replace(/^Version: (.*)$/m, (_, version) => `Version: ${older(name, version, index)}`);
  });
  writeFileSync(join(folder, "status"), `${changed.join("\n\n")}\n`);
  return folder;
}

/**
 * dpkg's list of a machine with `count` packages from some lists: first those of short lists, whose packages have updates,
 * then an even selection from the long ones. Every second package has an older version.
 */
export function withPackagesOf(lists: readonly AptList[], count: number): string {
  const folder = mkdtempSync(join(tmpdir(), "amint-dpkg-"));
  const chosen = new Map<string, string>();
  const texts = lists.map((list) => textOf(list).toString()).toSorted((a, b) => a.length - b.length);
  for (const [n, text] of texts.entries()) {
    const paragraphs = text.trimEnd().split("\n\n");
    const wanted = Math.max(0, Math.ceil((count - chosen.size) / (texts.length - n)));
    const step = Math.max(1, Math.floor(paragraphs.length / Math.max(1, wanted)));
    for (let at = 0; at < paragraphs.length && chosen.size < count; at += step) {
      const paragraph = paragraphs[at] ?? "";
      const name = /^Package: (.*)$/m.exec(paragraph)?.[1];
      if (!name || chosen.has(name)) continue;
      const older = chosen.size % 2 === 0 ? "~" : "";
      // If other fields differ from the archive's paragraph, apt treats it as another version.
      chosen.set(
        name,
        paragraph
          .replace(/^(Filename|Size|MD5sum|SHA256|Description-md5): .*\n?/gm, "")
          .replace(/^Version: (.*)$/m, `Status: install ok installed\nVersion: $1${older}`)
          .trimEnd(),
      );
    }
  }
  writeFileSync(join(folder, "status"), `${[...chosen.values()].join("\n\n")}\n`);
  return folder;
}

/** The packages that dpkg lists as installed, in the format of the component `package-manifest`. */
export function installedPackages(folder = "/var/lib/dpkg"): Manifest {
  const format = "$" + "{db:Status-Status}\t$" + "{Package}\t$" + "{Version}\t$" + "{Architecture}\n";
  const lines = execFileSync("dpkg-query", ["--admindir", folder, "--show", `--showformat=${format}`], {
    encoding: "utf8",
  });
  const packages = lines.split("\n").flatMap((line) => {
    const [status, name, full = "", architecture] = line.split("\t");
    if (status !== "installed") return [];
    const [, epoch = "0", version, release = null] = /^(?:(\d+):)?(.*?)(?:-([^-]+))?$/.exec(full) ?? [];
    return [{ name, epoch, version, release, architecture }];
  });
  return manifest.parse({ packages });
}

/** Arguments that make apt read a dpkg folder, without writing a cache. */
export const aptArguments = (folder: string): string[] =>
  [`Dir::State::status=${folder}/status`, "Dir::Cache::pkgcache=", "Dir::Cache::srcpkgcache="].flatMap(asOption);

const asOption = (option: string): string[] => ["-o", option];

/** The output of `apt list --upgradable` for these suites, or for all: `name version`, sorted. */
export function upgradableByApt(folder: string, suites?: readonly string[]): string[] {
  const own = mkdtempSync(join(tmpdir(), "amint-sources-"));
  const file = join(own, "some.list");
  if (suites) writeFileSync(file, sourcesOf(suites));
  const limited = suites ? [`Dir::Etc::sourcelist=${file}`, "Dir::Etc::sourceparts=-"].flatMap(asOption) : [];
  const output = ask("apt", [...aptArguments(folder), ...limited, "list", "--upgradable"]);
  rmSync(own, { recursive: true });
  return [...output.matchAll(/^([^/\s]+)\/\S+ (\S+) \S+ \[upgradable from/gm)]
    .map(([, name, version]) => `${name} ${version}`)
    .toSorted();
}

/** The machine's sources, limited to some suites. */
function sourcesOf(suites: readonly string[]): string {
  const format = "$(REPO_URI) $(CODENAME) $(COMPONENT) $(CREATED_BY)";
  const sources = ask("apt-get", ["indextargets", "--format", format])
    .split("\n")
    .flatMap((line) => {
      const [uri, codename = "", component, kind] = line.split(" ");
      return kind === "Packages" && suites.includes(codename) ? [`deb ${uri} ${codename} ${component}`] : [];
    });
  return `${[...new Set(sources)].join("\n")}\n`;
}

const ask = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "ignore"],
    maxBuffer: 2 ** 26,
  });
