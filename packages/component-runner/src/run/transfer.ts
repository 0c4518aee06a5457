import type { Entry } from "../actions/file-scripts.ts";
import { hasPattern, quote, quotePattern } from "../actions/quote.ts";
import type { StepOutcome } from "../language/step-host.ts";
import type { StepTools } from "./step-tools.ts";

/** Objects are held in memory. */
const MOST_BYTES = 512 * 2 ** 20;

const S3_URI = /^s3:\/\/([^/]+)\/(.*)$/;

const failed = (errorMessage: string): StepOutcome => ({ exitCode: 1, stdout: "", stderr: errorMessage, errorMessage });
const succeeded: StepOutcome = { exitCode: 0, stdout: "", stderr: "" };

type Tools = Pick<StepTools, "system" | "aws" | "signal">;

/** One entry of S3Download: an object, or all objects below `prefix/*`; the folders must exist. */
export async function download(entry: Entry, { system, aws, signal }: Tools): Promise<StepOutcome> {
  const [source, destination] = [String(entry.source), String(entry.destination)];
  const [, bucket = "", key = ""] = S3_URI.exec(source) ?? [];
  if (!bucket) return failed(`The source '${source}' must have the form s3://bucket/key.`);
  try {
    const prefix = key.endsWith("*") ? key.slice(0, -1) : undefined;
    const keys = prefix === undefined ? [key] : await aws.listObjects(bucket, prefix);
    for (const one of keys) {
      const name = one.slice(prefix === undefined ? one.lastIndexOf("/") + 1 : prefix.length);
      const path =
        prefix !== undefined || destination.endsWith("/") ? `${destination.replace(/\/$/, "")}/${name}` : destination;
      const keep = String(entry.overwrite ?? true) === "false" ? `[ ! -e ${quote(path)} ] || exit 0; ` : "";
      const folder = prefix === undefined ? "" : `mkdir -p "$(dirname ${quote(path)})"; `;
      const input = await aws.getObject(bucket, one);
      const { exitCode } = await system().run({ script: `${keep}${folder}cat > ${quote(path)}`, input, signal });
      if (exitCode !== 0) return failed(`${path} could not be written: does its folder exist, and is there room?`);
    }
    return succeeded;
  } catch (error) {
    return failed(`Downloading ${source} failed: ${reasonOf(error)}`);
  }
}

/** One entry of S3Upload: a file, or all files that match a pattern. */
export async function upload(entry: Entry, { system, aws, signal }: Tools): Promise<StepOutcome> {
  const [source, destination] = [String(entry.source), String(entry.destination)];
  const [, bucket = "", key = ""] = S3_URI.exec(destination) ?? [];
  if (!bucket) return failed(`The destination '${destination}' must have the form s3://bucket/key.`);
  const read = async (script: string) => {
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    const { exitCode } = await system().run({
      script,
      signal,
      onOutput(chunk, from) {
        if (from === "stderr" || bytes > MOST_BYTES) return;
        bytes += chunk.length;
        chunks.push(chunk);
      },
    });
    return { exitCode, content: Buffer.concat(chunks), isCut: bytes > MOST_BYTES };
  };
  const isMany = hasPattern(source);
  const depth = String(entry.recurse ?? false) === "true" ? "" : "-maxdepth 1 ";
  const folder = source.slice(0, source.lastIndexOf("/") + 1);
  const files = isMany
    ? (
        await read(`cd ${quote(folder)} && find ${quotePattern(source.slice(folder.length))} ${depth}-type f -print0`)
      ).content
        .toString()
        .split("\0")
        .filter(Boolean)
    : [source];
  try {
    for (const file of files) {
      const path = isMany ? `${folder}${file}` : file;
      const { exitCode, content, isCut } = await read(`cat ${quote(path)}`);
      if (exitCode !== 0) return failed(`The file '${path}' could not be read.`);
      if (isCut)
        return failed(
          `The file '${path}' is larger than ${MOST_BYTES / 2 ** 20} MiB: uploads of larger files are not built.`,
        );
      const name = isMany ? file : path.slice(path.lastIndexOf("/") + 1);
      await aws.putObject(
        bucket,
        isMany || key === "" || key.endsWith("/") ? `${key.replace(/\/?$/, key ? "/" : "")}${name}` : key,
        content,
      );
    }
    return succeeded;
  } catch (error) {
    return failed(`Uploading ${source} to ${destination} failed: ${reasonOf(error)}`);
  }
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
