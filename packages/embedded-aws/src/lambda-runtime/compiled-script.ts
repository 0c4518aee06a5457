import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { Script } from "node:vm";
import { writeAtomically } from "./bundle-cache.ts";

/** By file, whose name is derived from its content: compiled once in this process. */
const scripts = new Map<string, Promise<Script>>();

/** Scripts of which no earlier process left compiled code, with the file for it. */
const uncompiled = new Map<Script, string>();

/**
 * A script of a build. To compile the SDK's four megabytes takes V8 a quarter of a second and 80 MB that it never gives
 * back, so the compiled code of an earlier process is used if there is any.
 */
export function scriptOf(file: string): Promise<Script> {
  const known = scripts.get(file) ?? compile(file);
  scripts.set(file, known);
  return known;
}

async function compile(file: string): Promise<Script> {
  const code = await readFile(file, "utf8");
  const compiled = compiledFile(file);
  const cachedData = existsSync(compiled) ? verified(await readFile(compiled)) : undefined;
  const script = new Script(code, { filename: basename(file), ...(cachedData && { cachedData }) });
  if (!cachedData || script.cachedDataRejected) uncompiled.set(script, compiled);
  return script;
}

/** Next to the build's folder, which contains nothing but the build. Other versions and flags of V8 have their own. */
const compiledFile = (file: string): string =>
  join(dirname(dirname(file)), `${basename(dirname(file))}.${basename(file)}.${cachedDataVersionTag()}.compiled`);

/**
 * Keeps for later processes what was compiled until now. Call it after a script ran: V8 compiles the script's function
 * when it is called, and forgets it soon.
 * @throws FolderUnusable
 */
export function keepCompiled(script: Script): void {
  const file = uncompiled.get(script);
  if (file === undefined) return;
  uncompiled.delete(script);
  const compiled = script.createCachedData();
  writeAtomically(file, Buffer.concat([digest(compiled), compiled]));
}

const digest = (bytes: Uint8Array): Buffer => createHash("sha256").update(bytes).digest();

/** V8 executes what it is given: without the digest that it was written with, it is compiled again. */
function verified(content: Buffer): Buffer | undefined {
  const { length } = digest(Buffer.of());
  const compiled = content.subarray(length);
  return digest(compiled).equals(content.subarray(0, length)) ? compiled : undefined;
}
