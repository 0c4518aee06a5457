import { buildVersion } from "../../core/build/build-arn.ts";
import { drawNotes } from "../../core/build/draw-notes.ts";
import { composeNotes, type NotedBuild, type ReleaseNotes, releaseNotes } from "../../core/build/release-notes.ts";
import { advisoriesOf, managerOf } from "../../core/component/image-system.ts";
import type { Factory } from "../../core/factory/factory-schema.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { knownAdvisories } from "../../core/fleet/known-advisories.ts";
import type { BuildArn } from "../../events/ids.ts";
import { listOpenAdvisories } from "../advisories/feed-memory.ts";
import { findAnswered, toCountedAnswer } from "../approval/approvals.ts";
import { findGate } from "../evidence/evidence.ts";
import { type EvidenceStore, findKept, findWholeEvidence, keepText, parseJson } from "../evidence/evidence-store.ts";
import type { Ledger } from "../ledger/table.ts";
import { type BuildRecord, listBuilds } from "./builds.ts";

interface Asked {
  readonly factory: Factory;
  readonly record: BuildRecord;
  /** The build that it is compared with, if any. */
  readonly since: BuildRecord | undefined;
}

/**
 * Composes a build's notes from present data: both builds' evidence, known advisories, the gate's verdict and the
 * approvals.
 * @throws UnknownImage where the config no longer has the image
 */
export async function readNotes(
  ledger: Ledger,
  store: EvidenceStore,
  { factory, record, since }: Asked,
): Promise<ReleaseNotes> {
  const { image, build } = record;
  const config = requireImage(factory, image);
  const [now, before, gate, approvals, open, builds] = await Promise.all([
    toNoted(store, record),
    since && toNoted(store, since),
    findGate(ledger, build),
    readApprovals(ledger, build),
    listOpenAdvisories(ledger),
    listBuilds(ledger),
  ]);
  const systemOf = (name: string) => {
    const own = factory.images[name];
    return own && { name: advisoriesOf(own.os), manager: managerOf(own.os), architecture: own.architecture };
  };
  const own = systemOf(image)!;
  const known = knownAdvisories(open, builds, systemOf);
  return composeNotes({
    image,
    config,
    now,
    before,
    advisories: known
      .filter(({ name, architecture }) => name === own.name && architecture === own.architecture)
      .map(({ advisory }) => advisory),
    gate: gate && {
      verdict: gate.verdict,
      broken: gate.reasons
        .filter(({ passed }) => !passed)
        .map(({ rule, found, allowed }) => `${rule}: ${found}, ${allowed}`),
      waived: [...new Set(gate.reasons.flatMap(({ waived = [] }) => waived))],
    },
    approvals,
  });
}

const toNoted = async (store: EvidenceStore, { build, parentBuild, base }: BuildRecord): Promise<NotedBuild> => ({
  build,
  parent: parentBuild ?? base,
  evidence: await findWholeEvidence(store, build),
});

const readApprovals = async (ledger: Ledger, build: BuildArn): Promise<ReleaseNotes["approvals"]> =>
  (await findAnswered(ledger, build)).map(({ channel, decided, answers }) => ({
    channel,
    verdict: decided?.verdict ?? ("open" as const),
    answers: answers.flatMap(toCountedAnswer).map(({ person, verdict, at, reason }) => ({
      person,
      verdict,
      at,
      ...(reason && { reason }),
    })),
  }));

/** `notes-since-1.0.0-2`: one for each build that a build was compared with on entering a channel. */
const fileOf = (since: BuildArn | undefined): string =>
  since ? `notes-since-${buildVersion(since).replace("/", "-")}` : "notes-first";

/** Stores the notes with the build's evidence, as JSON and Markdown. */
export async function keepNotes(store: EvidenceStore, notes: ReleaseNotes): Promise<void> {
  const file = fileOf(notes.since);
  await keepText(store, notes.build, `${file}.json`, {
    Body: JSON.stringify(notes, null, 1),
    ContentType: "application/json",
  });
  await keepText(store, notes.build, `${file}.md`, {
    Body: drawNotes(notes),
    ContentType: "text/markdown; charset=utf-8",
  });
}

/** The notes stored when the build entered a channel, if any. */
export async function findKeptNotes(
  store: EvidenceStore,
  build: BuildArn,
  since: BuildArn | undefined,
): Promise<ReleaseNotes | undefined> {
  const kept = await findKept(store, build, `${fileOf(since)}.json`);
  return kept && releaseNotes.parse(parseJson(kept));
}
