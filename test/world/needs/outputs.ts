import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, statSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";

const FOLDER = "node_modules/.cache/amint";
const FILE = `${FOLDER}/outputs.json`;

let known: Record<string, string> | undefined;

/**
 * What a program prints for some arguments; undefined if it fails. Outputs are kept for later runs while the program's file does
 * not change, because the AWS CLI takes half a second for each; failures are not kept, because an installation can end them.
 */
export async function outputOf(path: string, args: readonly string[]): Promise<string | undefined> {
  known ??= read();
  const key = [realpathSync(path), statSync(path).mtimeMs, ...args].join(" ");
  const before = known[key];
  if (before !== undefined) return before;
  try {
    const { stdout, stderr } = await promisify(execFile)(path, args, {
      env: { PATH: process.env.PATH, AWS_PAGER: "" },
    });
    known[key] = `${stdout}${stderr}`;
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(FILE, JSON.stringify(known));
    return known[key];
  } catch {
    return undefined;
  }
}

function read(): Record<string, string> {
  try {
    return JSON.parse(readFileSync(FILE, "utf8"));
  } catch {
    return {};
  }
}
