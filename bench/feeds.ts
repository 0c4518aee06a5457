import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { aptArguments, aptLists, installedPackages, upgradableByApt, withPackagesOf } from "./feeds/apt-machine.ts";
import type { Outcome, Task } from "./feeds/decide.ts";
import { dnfMachine, hasDnf, listedByDnf } from "./feeds/dnf-machine.ts";
import { debianFiles, exampleUpdateinfo } from "./feeds/example-feeds.ts";
import { serveFiles } from "./feeds/serve-files.ts";
import { median, medians, type Took } from "./measure/figures.ts";
import { sized } from "./measure/sized.ts";
import { Targets } from "./measure/targets.ts";

/**
 * Finds which of 3,000 installed packages have updates: Amint downloads, verifies, unpacks, parses and decides over the lists
 * that the machine's apt has downloaded; apt reads the same lists and decides. The same for an updateinfo with 5,000
 * advisories, compared with dnf.
 */
const ROUNDS = sized(5, 1);
const PACKAGES = sized(3_000, 300);
const ADVISORIES = sized(5_000, 1_000);
const targets = new Targets();
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`.padStart(10);

const print = (what: string, took: readonly Took[], rest = ""): void => {
  const { wall, processor } = medians(took);
  console.log(`${what.padEnd(44)}${seconds(wall)}${seconds(processor)}  ${rest}`);
};

/** Timed by bash, which reports a child's processor time; Node does not. Both times include the start of the process. */
function timed(program: "apt" | "dnf", args: readonly string[], before = ":"): Promise<Took> {
  const script = `${before}; TIMEFORMAT="%R %U %S"; time ${program} "$@" > /dev/null 2>&1`;
  return run("bash", ["-c", script, program, ...args], "", "stderr").then((line) => {
    const [wall = 0, user = 0, system = 0] = line
      .trim()
      .split(" ")
      .map((part) => Number(part) * 1_000);
    return { wall, processor: user + system };
  });
}

async function byUs(task: Task): Promise<Outcome & Took> {
  const began = performance.now();
  const outcome: Outcome = JSON.parse(
    await run(process.execPath, ["bench/feeds/decide.ts"], JSON.stringify(task), "stdout"),
  );
  return { ...outcome, wall: performance.now() - began };
}

function run(program: string, args: readonly string[], input: string, wanted: "stdout" | "stderr"): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"], env: { ...process.env, LC_ALL: "C" } });
    const said = { stdout: "", stderr: "" };
    child.stdout.on("data", (chunk) => (said.stdout += chunk));
    child.stderr.on("data", (chunk) => (said.stderr += chunk));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve(said[wanted]) : reject(new Error(`${program}: ${said.stderr}`))));
    child.stdin.end(input);
  });
}

async function rounds<T>(one: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let round = 0; round < ROUNDS; round += 1) all.push(await one());
  return all;
}

async function besideApt(): Promise<void> {
  const lists = aptLists();
  if (lists.length === 0) return console.log("no apt lists on this machine: nothing to compare with");
  const folder = withPackagesOf(lists, PACKAGES);
  const { files, feedsAt } = debianFiles(lists, process.arch === "arm64" ? "arm64" : "amd64");
  const { url, server } = await serveFiles(files);
  const task: Task = { feeds: feedsAt(url), packages: installedPackages(folder), manager: "dpkg" };
  const list = [...aptArguments(folder), "list", "--upgradable"];
  // In turns, so that other load on the machine affects both.
  const pairs = await rounds(async () => ({ us: await byUs(task), apt: await timed("apt", list) }));
  const [us, apt] = [pairs.map((pair) => pair.us), pairs.map((pair) => pair.apt)];
  const [first] = us;
  const ratio = (of: "wall" | "processor") => median(pairs.map((pair) => pair.us[of] / pair.apt[of])).toFixed(2);
  console.log(`${task.packages.packages.length} installed packages, ${lists.map(({ suite }) => suite).join(", ")}`);
  print("  download, verify, unpack, parse, decide", us, `${first?.packages} packages, peak ${peak(us)}`);
  const upgradable = upgradableByApt(folder).length;
  print("  apt list --upgradable", apt, `${upgradable} packages`);
  targets.atLeast("packages that apt would upgrade", upgradable, 1);
  targets.equal("packages with updates, compared with apt's", first?.packages, upgradable);
  console.log(`  ours / apt's: ${ratio("wall")} wall, ${ratio("processor")} processor`);
  server.close();
  rmSync(folder, { recursive: true, force: true });
}

async function besideDnf(): Promise<void> {
  const { bytes, text, files, packages, fixes, feedAt } = exampleUpdateinfo(ADVISORIES);
  const { url, server } = await serveFiles(files);
  const task: Task = { feeds: [feedAt(url)], packages, manager: "rpm" };
  const dnf = hasDnf() ? dnfMachine(packages, text) : undefined;
  const pairs = await rounds(async () => ({
    us: await byUs(task),
    // Without its cache, which would not help on a day with changes.
    dnf: dnf && (await timed("dnf", dnf.list, `rm -rf "${dnf.folder}/cache"`)),
  }));
  const us = pairs.map((pair) => pair.us);
  console.log(
    `${packages.packages.length} installed packages, updateinfo of ${ADVISORIES} advisories, ${(bytes / 2 ** 20).toFixed(0)} MiB`,
  );
  print("  download, verify, unpack, parse, decide", us, `${us[0]?.fixes} fixes, peak ${peak(us)}`);
  targets.equal("fixes in updateinfo", us[0]?.fixes, fixes);
  const them = pairs.flatMap((pair) => pair.dnf ?? []);
  if (dnf && them.length > 0) {
    const listed = listedByDnf(dnf.list);
    print("  dnf updateinfo list", them, `${listed} fixes`);
    targets.equal("fixes that dnf lists", listed, fixes);
    const ratio = (of: "wall" | "processor") =>
      median(us.map((one, n) => one[of] / (them[n]?.[of] ?? Number.NaN))).toFixed(2);
    console.log(`  ours / dnf's: ${ratio("wall")} wall, ${ratio("processor")} processor`);
    rmSync(dnf.folder, { recursive: true, force: true });
  } else console.log("  no dnf, rpmbuild and createrepo_c on this machine: nothing to compare with");
  server.close();
}

const peak = (us: readonly Outcome[]): string => `${Math.max(...us.map(({ peakMiB }) => peakMiB)).toFixed(0)} MiB`;

console.log(`${`median of ${ROUNDS}`.padEnd(44)}${"wall".padStart(10)}${"processor".padStart(10)}`);
await besideApt();
await besideDnf();
targets.say();
