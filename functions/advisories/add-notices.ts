import { readNotices } from "../../adapters/advisories/debian/read-notices.ts";
import { FeedFailure } from "../../adapters/advisories/feed-failure.ts";
import type { FeedMemory, OpenAdvisories } from "../../adapters/advisories/feed-memory.ts";
import { findOlder } from "../../core/advisories/announcement.ts";
import { joinNotices, noticeSource, noticesOf } from "../../core/advisories/debian-notices.ts";
import type { Advisory, Feed } from "../../core/advisories/feed.ts";
import { reportFailure, reportSuccess } from "./report-failure.ts";
import { requireManifest, type WatchedImage, type WatchRun } from "./watch-run.ts";

/**
 * Adds ids and CVEs from the vendor's announcements to an archive's updates. An update that is not announced yet keeps
 * the archive's id, and is looked up again by the next run; lists that cannot be read are reported.
 * @returns each image's record, unchanged where nothing was added
 */
export async function addNotices(
  feed: Feed,
  readers: readonly WatchedImage[],
  records: ReadonlyMap<string, OpenAdvisories>,
  memory: FeedMemory,
  invocation: WatchRun,
): Promise<ReadonlyMap<string, OpenAdvisories>> {
  const lists = feed.kind === "debian" ? feed.notices : undefined;
  const asking = readers.filter(({ image }) => records.get(image)?.open.some(isUnannounced));
  if (!lists || asking.length === 0) return records;
  const sources = new Set(
    asking.flatMap(({ image }) => (records.get(image)?.open ?? []).flatMap((one) => noticeSource(one) ?? [])),
  );
  const images = asking.map(({ image }) => image);
  const notices = await readNotices(lists, (source) => sources.has(source)).catch(async (error: unknown) => {
    if (!(error instanceof FeedFailure)) throw error;
    const { code, message: reason } = error;
    await reportFailure({ feed: lists.url, kind: "READING", of: "notices", images, code, reason }, memory, invocation);
    return undefined;
  });
  if (notices) await reportSuccess(lists.url, "READING", memory, invocation);
  const bySource = Map.groupBy(notices ?? [], ({ source }) => source);
  const added = new Map(records);
  for (const { image, config, promoted } of asking) {
    const record = records.get(image);
    if (!record) continue;
    const packages = await requireManifest(promoted.build, invocation);
    const older = findOlder({ image, config, packages, advisories: record.open });
    const found = (one: Advisory) =>
      noticesOf(one, older.get(one.id) ?? [], bySource.get(noticeSource(one) ?? "") ?? []);
    // When lists fail, keep the ids: an advisory must not change its announced id.
    const open = joinNotices(record.open, found, memory.open(image, feed.url)?.open ?? []);
    if (JSON.stringify(open) !== JSON.stringify(record.open)) added.set(image, { ...record, open });
  }
  return added;
}

const isUnannounced = ({ archive, cves }: Advisory): boolean => !archive && cves.length === 0;
