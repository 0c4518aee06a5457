import { execFileSync, spawnSync } from "node:child_process";
import { globSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Manifest } from "../../core/evidence/manifest.ts";

const programs = ["dnf", "rpm", "rpmbuild", "createrepo_c", "modifyrepo_c"];

/** Whether this machine has the programs for the comparison with dnf; Debian has packages of all of them. */
export const hasDnf = (): boolean =>
  programs.every((name) => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0);

/**
 * A machine for dnf: these packages are in rpm's database, and a repository has only updateinfo.
 * @returns the folder, and the arguments with which dnf lists the advisories for installed packages, without a cache
 */
export function dnfMachine({ packages }: Manifest, updateinfo: Buffer): { folder: string; list: readonly string[] } {
  const folder = mkdtempSync(join(tmpdir(), "amint-dnf-"));
  const at = (path: string) => join(folder, path);
  const parts = packages.map(
    ({ name, epoch, version, release }) =>
      `%package -n ${name}\nSummary: s\nEpoch: ${epoch}\nVersion: ${version}\nRelease: ${release}\n%description -n ${name}\nd\n%files -n ${name}\n`,
  );
  const head =
    "Name: all\nVersion: 1\nRelease: 1\nSummary: s\nLicense: l\n%define debug_package %{nil}\n%description\nd\n";
  writeFileSync(at("all.spec"), head + parts.join(""));
  const run = (program: string, args: readonly string[]) =>
    execFileSync(program, args, { stdio: "pipe", maxBuffer: 2 ** 26 });
  run("rpmbuild", ["-bb", "--target", "x86_64", "--define", `_topdir ${at("build")}`, at("all.spec")]);
  mkdirSync(at("root"));
  const built = globSync(at("build/RPMS/**/*.rpm"));
  run("rpm", ["--root", at("root"), "--install", "--justdb", "--nodeps", "--nosignature", ...built]);
  mkdirSync(at("repository"));
  run("createrepo_c", ["--quiet", at("repository")]);
  writeFileSync(at("updateinfo.xml"), updateinfo);
  run("modifyrepo_c", ["--mdtype=updateinfo", at("updateinfo.xml"), at("repository/repodata")]);
  const settings = {
    reposdir: at("none"),
    persistdir: at("persist"),
    cachedir: at("cache"),
    module_platform_id: "platform:el9",
  };
  return {
    folder,
    list: [
      ...["--quiet", "--refresh", "--disableplugin=*", `--installroot=${at("root")}`, "--releasever=9"],
      ...Object.entries(settings).map(([name, value]) => `--setopt=${name}=${value}`),
      ...[`--repofrompath=r,file://${at("repository")}`, "updateinfo", "list", "--available"],
    ],
  };
}

/** The number of pairs of an advisory and a package that dnf lists. */
export const listedByDnf = (list: readonly string[]): number =>
  execFileSync("dnf", list, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], maxBuffer: 2 ** 26 })
    .trimEnd()
    .split("\n").length;
