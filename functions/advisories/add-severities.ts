import type { FeedMemory, OpenAdvisories } from "../../adapters/advisories/feed-memory.ts";
import { readSeverities } from "../../adapters/advisories/osv/read-severities.ts";
import { findUpdates } from "../../core/advisories/announcement.ts";
import type { Advisory, Feed } from "../../core/advisories/feed.ts";
import type { Update } from "../../core/advisories/priorities.ts";
import { reportFailure, reportSuccess } from "./report-failure.ts";
import { requireManifest, type WatchedImage, type WatchRun } from "./watch-run.ts";

/**
 * Adds severities from the feed's source to advisories of unknown severity. An advisory that the source does not have
 * is marked with the time, and is looked up again by the next run; a source that fails is reported.
 * @returns each image's record, unchanged where nothing was added
 */
export async function addSeverities(
  feed: Feed,
  readers: readonly WatchedImage[],
  records: ReadonlyMap<string, OpenAdvisories>,
  memory: FeedMemory,
  invocation: WatchRun,
): Promise<ReadonlyMap<string, OpenAdvisories>> {
  const severities = feed.kind === "debian" ? feed.severities : undefined;
  if (!severities) return records;
  const { url, ecosystem } = severities;
  const asked = new Map<string, ReadonlyMap<string, Update>>();
  for (const { image, config, promoted } of readers) {
    const advisories = (records.get(image)?.open ?? []).filter(({ severity }) => severity === "unknown");
    if (advisories.length === 0) continue;
    const packages = await requireManifest(promoted.build, invocation);
    asked.set(image, findUpdates({ image, config, packages, advisories }, ecosystem));
  }
  if (asked.size === 0) return records;
  // Images with the same packages need the same updates.
  const updates = new Map([...asked.values()].flatMap((some) => [...some.values()]).map((one) => [keyOf(one), one]));
  const { found, failure } = await readSeverities(severities, [...updates.values()]);
  const images = [...asked.keys()];
  if (failure) {
    const { code, message: reason } = failure;
    await reportFailure({ feed: url, kind: "READING", of: "severities", images, code, reason }, memory, invocation);
  } else await reportSuccess(url, "READING", memory, invocation);
  const added = (image: string, advisory: Advisory): Advisory => {
    if (advisory.severity !== "unknown") return advisory;
    const update = asked.get(image)?.get(advisory.id);
    const { severity = "unknown", cves = [] } = (update && found.get(updates.get(keyOf(update)) ?? update)) ?? {};
    const { unknownSince, ...rest } = advisory;
    if (severity !== "unknown") return { ...rest, severity, cves };
    if (unknownSince !== undefined) return advisory;
    const before = memory.open(image, feed.url)?.open.find(({ id }) => id === advisory.id);
    return { ...rest, unknownSince: before?.unknownSince ?? invocation.now.toISOString() };
  };
  return new Map(
    [...records].map(([image, record]) => {
      const open = record.open.map((one) => added(image, one));
      return [image, open.some((one, n) => one !== record.open[n]) ? { ...record, open } : record];
    }),
  );
}

const keyOf = ({ source, installed, fixed }: Update): string => `${source} ${installed} ${fixed}`;
