import { S3Client } from "@aws-sdk/client-s3";
import type * as z from "zod";
import { buildOf } from "../../adapters/build/builds.ts";
import { keepNotes as keep, readNotes } from "../../adapters/build/release-facts.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { summariseNotes } from "../../core/build/draw-notes.ts";
import type { NotesOutcome } from "../../core/notice/notice.ts";
import type { channelMoved } from "../../events/channel.ts";
import type { Invocation } from "../invocation.ts";

export type NotesInvocation = Pick<Invocation<"EVIDENCE_BUCKET">, "ledger" | "client" | "settings">;

type Moved = z.output<typeof channelMoved.detail>;

/**
 * Writes the release notes of a build that enters a channel, compared with the channel's previous build. A failure
 * becomes part of the notice, which is sent in any case, as the channel has moved; then `notify` fails because of it.
 * @returns undefined for a build that is not in the ledger, or an image that the config no longer has
 */
export async function keepNotes(
  { image, build, previousBuild }: Moved,
  { ledger, client, settings }: NotesInvocation,
): Promise<NotesOutcome | undefined> {
  const { factory, env } = settings;
  if (!factory.images[image]) return undefined;
  const [record, since] = await readBatch(ledger, [buildOf(image, build), buildOf(image, previousBuild ?? build)]);
  if (!record) return undefined;
  try {
    const store = { client: client(S3Client), bucket: env.EVIDENCE_BUCKET };
    const notes = await readNotes(ledger, store, { factory, record, since: previousBuild && since });
    await keep(store, notes);
    return { summary: summariseNotes(notes) };
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) };
  }
}
