import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { Command, InvalidArgumentError } from "commander";
import type { Blueprint } from "embedded-aws/deploy";
import { functionOf } from "../../core/factory/blueprint.ts";
import { requireChannel, requireImage } from "../../core/factory/require-image.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, patient, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { openExports } from "./exports-place.ts";
import { drawExports, type ShownExport, showExports } from "./show-exports.ts";

interface Options {
  readonly channel?: string;
  readonly link?: true;
  readonly expires: number;
  readonly verify?: true;
  readonly again?: true;
  readonly json?: true;
}

const HOUR = 3600;

const UNITS: Readonly<Record<string, number>> = { m: 60, h: HOUR, d: 24 * HOUR };

/** Signature Version 4's limit (S3 user guide, "Presigned URLs"). */
const LONGEST = 7 * 24 * HOUR;

/** `amint export [image]`: exported disk images of channels' builds. */
export const exportCommand = (): Command =>
  new Command("export")
    .description("list exported disk images of builds, link to them or verify them")
    .argument("[image]", "an image of factory.config.ts (default: all)")
    .option("--channel <channel>", "only this channel's exports")
    .option("--link", "print links that work without credentials until they expire, or your credentials do")
    .option("--expires <time>", "how long links work, such as 30m, 1h or 7d", toSeconds, HOUR)
    .option("--verify", "verify each manifest's signature, and each file against its manifest")
    .option("--again", "retry failed exports")
    .action(exportFiles);

async function exportFiles(image: string | undefined, options: Options): Promise<void> {
  const { channel, link, expires, verify = false, again, json } = options;
  const factory = await loadFactory();
  if (image !== undefined) requireImage(factory, image);
  if (image !== undefined && channel !== undefined) requireChannel(factory, image, channel);
  const blueprint = await readBlueprint();
  const place = openExports(blueprint);
  const asked = { ...(image && { image }), ...(channel && { channel }) };
  const wanted = { ...asked, verify, ...(link && { linkSeconds: expires }) };
  const exports = await showExports(openLedger(blueprint), place, wanted);
  if (again) await tryAgain(blueprint, exports);
  if (json) printJson({ exports });
  else printFound(exports, (printed) => drawExports(printed, asked));
  const bad = exports.flatMap(({ files }) => files).filter(({ verified = "good" }) => verified !== "good");
  if (bad.length > 0) throw new NotVerified(bad.map(({ key = "" }) => key));
}

async function tryAgain(blueprint: Blueprint, exports: readonly ShownExport[]): Promise<void> {
  const failed = exports.filter(({ state }) => state === "failed");
  if (failed.length === 0) throw new NothingFailed();
  const lambda = new LambdaClient(patient(blueprint.buildRegion));
  const FunctionName = functionOf(blueprint, "follow-exports");
  for (const { build } of failed) {
    const Payload = JSON.stringify({ again: build });
    await lambda.send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload }));
  }
}

function toSeconds(text: string): number {
  const [, number, unit = ""] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? Number.NaN);
  if (seconds >= 60 && seconds <= LONGEST) return seconds;
  throw new InvalidArgumentError("Use a duration between 1m and 7d, which is S3's limit, such as 30m, 1h or 2d.");
}

/** A file was changed in the bucket, or signed with another key. */
class NotVerified extends Error {
  override readonly name = "NotVerified";

  constructor(keys: readonly string[]) {
    super(`Verification failed: ${keys.join(", ")}. Do not use these files; see docs/exports.md, "An export failed".`);
  }
}

class NothingFailed extends Error {
  override readonly name = "NothingFailed";

  constructor() {
    super("None of these exports failed, so --again has nothing to retry. `amint export` shows the state of each.");
  }
}
