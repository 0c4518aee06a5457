import type { Factory } from "../../core/factory/factory-schema.ts";
import { findNext } from "./find-next.ts";
import { findProblems } from "./find-problems.ts";
import { findWaiting } from "./find-waiting.ts";
import { findWork } from "./find-work.ts";
import { listChannelRows } from "./list-channels.ts";
import { type Reading, readFacts } from "./read-facts.ts";
import type { Status } from "./shape.ts";

/** @param image the only one to show; left out: all of the config's */
export async function readStatus(
  reading: Reading,
  { factory, image, now }: { readonly factory: Factory; readonly image?: string | undefined; readonly now: Date },
): Promise<Status> {
  const images = image === undefined ? Object.keys(factory.images) : [image];
  const facts = await readFacts(reading, { factory, images, now });
  return {
    factory: factory.name,
    at: now.toISOString(),
    problems: findProblems(facts),
    waiting: findWaiting(facts),
    channels: listChannelRows(facts),
    now: findWork(facts),
    next: findNext(facts),
    unread: facts.unread,
  };
}
