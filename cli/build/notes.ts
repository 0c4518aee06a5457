import { Command } from "commander";
import { type BuildRecord, listBuilds } from "../../adapters/build/builds.ts";
import { readImageStates } from "../../adapters/build/image-state.ts";
import { findKeptNotes, readNotes } from "../../adapters/build/release-facts.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { findMoves } from "../../adapters/promotion/promotion.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { drawNotes } from "../../core/build/draw-notes.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openEvidence, openLedger, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { requireBuild } from "../command/require-build.ts";

interface Options {
  readonly since?: string;
  readonly json?: true;
}

/** `amint notes <build>`: the release notes of a build. */
export const notesCommand = (): Command =>
  new Command("notes")
    .description(
      "print a build's release notes in Markdown: packages, advisories, benchmark, components, gate, approvals",
    )
    .argument("<build...>", '"<image> <x.y.z/n>", "<x.y.z/n>" if only one image has it, or a build\'s ARN')
    .option(
      "--since <build>",
      "compare with this build; default: what its last channel pointed at before, or the build before it",
    )
    .addHelpText(
      "after",
      `
Notes that were saved when the build entered a channel are printed as saved. Others are composed from the current data.`,
    )
    .action(notes);

async function notes(what: readonly string[], { since: wanted, json }: Options): Promise<void> {
  const factory = await loadFactory();
  const blueprint = await readBlueprint();
  const ledger = openLedger(blueprint);
  const store = openEvidence(blueprint);
  const states = await readImageStates(ledger, Object.keys(factory.images), ["builds"]);
  const record = requireBuild(what, states);
  if (record.status !== "available") throw new NoNotes(record);
  const own = new Map([[record.image, states.get(record.image)!]]);
  const since = wanted === undefined ? await findBefore(ledger, factory, record) : requireBuild([wanted], own);
  if (since?.build === record.build) throw new SameBuild(record);
  const kept = await findKeptNotes(store, record.build, since?.build);
  const found = kept ?? (await readNotes(ledger, store, { factory, record, since }));
  if (json) printJson(found);
  else printFound(found, drawNotes);
}

/** The build that its last channel pointed at before, or the newest older build. */
async function findBefore(ledger: Ledger, { images }: Factory, record: BuildRecord): Promise<BuildRecord | undefined> {
  const { image, build, startedAt } = record;
  const [moves, builds] = await Promise.all([findMoves(ledger, build), listBuilds(ledger, image)]);
  const channels = (images[image]?.channels ?? []).map(({ name }) => name);
  const last = moves.toSorted((a, b) => channels.indexOf(a.channel) - channels.indexOf(b.channel)).at(-1);
  if (last) return builds.find((one) => one.build === last.previous?.build);
  return builds
    .filter((one) => one.status === "available" && one.startedAt < startedAt)
    .toSorted((a, b) => a.startedAt.localeCompare(b.startedAt))
    .at(-1);
}

class NoNotes extends Error {
  override readonly name = "NoNotes";

  constructor({ image, build, status }: BuildRecord) {
    super(
      `The build ${image} ${buildVersion(build)} is ${status}: only an available build has release notes. ` +
        `\`amint why "${image} ${buildVersion(build)}"\` shows what happened to it.`,
    );
  }
}

class SameBuild extends Error {
  override readonly name = "SameBuild";

  constructor({ image, build }: BuildRecord) {
    super(`--since names ${image} ${buildVersion(build)} itself. Name another build of ${image}.`);
  }
}
