import { execFileSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { linkPackages } from "../link-packages.ts";
import { linkPlatform } from "../link-platform.ts";
import type { Fault } from "./faults.ts";

/** Folders that a copy of the tree omits or shares. */
const LEFT_OUT = ["node_modules", ".git", ".sst"];

/** A copy of the working tree, in the temporary folder of the machine. */
export interface Planted extends Disposable {
  readonly folder: string;
}

/** Copies the working tree, with what its tests need, and plants a fault in the copy. The working tree stays as it is. */
export function plant({ name, file, from, to }: Fault): Planted {
  const around = mkdtempSync(join(tmpdir(), "amint-planted-"));
  const folder = join(around, "tree");
  mkdirSync(folder);
  for (const entry of readdirSync(".").filter((one) => !LEFT_OUT.includes(one))) {
    cpSync(entry, join(folder, entry), { recursive: true });
  }
  initialize(folder);
  linkPackages(folder);
  linkPlatform(resolve("."), folder);
  // Cases recorded from AWS lie beside the tree.
  if (existsSync("../shared")) symlinkSync(resolve("../shared"), join(around, "shared"));
  const pieces = readFileSync(file, "utf8").split(from);
  if (pieces.length !== 2) {
    throw new Error(`"${name}" cannot be planted: ${pieces.length - 1} times in ${file}, not once: ${from}`);
  }
  writeFileSync(join(folder, file), pieces.join(to));
  return { folder, [Symbol.dispose]: () => rmSync(around, { recursive: true, force: true }) };
}

/** Makes it a git checkout: tests ask git for the files that it lists, and for the revision. Nothing is hashed, which is fast. */
function initialize(cwd: string): void {
  const author = ["-c", "user.name=planted", "-c", "user.email=planted@example.com"];
  const commit = [...author, "commit", "--quiet", "--allow-empty", "--message=Empty"];
  for (const args of [["init", "--quiet", "--initial-branch=main"], commit, ["add", "--intent-to-add", "--all"]]) {
    execFileSync("git", args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  }
}
