import type { DebianNotice } from "../../../core/advisories/debian-notices.ts";
import { FeedFailure } from "../feed-failure.ts";
import { boundsOf, type FeedLimits, fetchIndex } from "../fetch-file.ts";
import { KeptText } from "../kept-text.ts";

/** Who announces a release's updates changes with its age: first Debian's security team, then the LTS team. */
const lists = ["DSA", "DLA"];

interface Asked {
  /** The folder of the lists. */
  readonly url: string;
  readonly codename: string;
  readonly standIn?: true;
}

/**
 * Reads Debian's announcements for some source packages of one release, from the lists of its security tracker.
 * @throws FeedFailure naming the list and the line
 */
export async function readNotices(
  { url, codename, standIn }: Asked,
  interested: (source: string) => boolean,
  given: Partial<FeedLimits> = {},
): Promise<DebianNotice[]> {
  const bounds = boundsOf(url, standIn, given);
  const kept = new KeptText(url, bounds.limits.kept);
  const notices: DebianNotice[] = [];
  for (const list of lists) {
    const file = `${url}/${list}/list`;
    const bytes = (await fetchIndex(file, bounds))?.bytes ?? Buffer.alloc(0);
    for (const one of parseNotices(file, bytes.toString("utf8"), codename, interested, kept)) notices.push(one);
  }
  return notices;
}

/** `[20 Aug 2026] DSA-6455-1 chromium - security update`; one line per notice, newest first. */
const HEADER = /^\[\d{1,2} \w{3} \d{4}\] (D[SL]A-\d+-\d+)\b/;

/** A notice's CVEs, and the fixed version in each release: `[trixie] - chromium 151.0.7922.169-1~deb13u1`. */
const CVES = /^[\t ]+\{([^}]*)\}/;
const FIXED = /^[\t ]+\[(\w+)\] - (\S+) (\S+)/;

/** Other indented lines are remarks; a version in angle brackets, such as `<not-affected>`, is a state. */
function* parseNotices(
  file: string,
  text: string,
  codename: string,
  interested: (source: string) => boolean,
  kept: KeptText,
): Generator<DebianNotice> {
  let id: string | undefined;
  let cves: readonly string[] = [];
  for (const [n, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    if (!/^\s/.test(line)) {
      id = HEADER.exec(line)?.[1];
      cves = [];
      if (id !== undefined) continue;
      const valid = '"[20 Aug 2026] DSA-6455-1 chromium - security update"';
      throw new FeedFailure(
        "malformed",
        file,
        `line ${n + 1} is "${line.slice(0, 200)}", not a notice such as ${valid}`,
      );
    }
    if (id === undefined) throw new FeedFailure("malformed", file, `line ${n + 1} belongs to no notice`);
    const listed = CVES.exec(line)?.[1];
    if (listed !== undefined) cves = listed.split(/\s+/).filter((one) => /^CVE-\d{4}-\d+$/.test(one));
    const [, release, source = "", version = ""] = FIXED.exec(line) ?? [];
    if (release !== codename || !interested(source) || version.startsWith("<")) continue;
    const keep = (one: string) => kept.keep(one);
    yield { id: keep(id), cves: cves.map(keep), source: keep(source), version: keep(version) };
  }
  // An old release has few notices, but a list is never empty.
  if (id === undefined) throw new FeedFailure("truncated", file, "has no notice");
}
