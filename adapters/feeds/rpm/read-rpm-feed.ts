import { createHash } from "node:crypto";
import type { RpmFeed } from "../../../core/packages/feed.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { FeedReading, ReadFeed } from "../feed-reading.ts";
import { fetchIndex, takeListed } from "../fetch-file.ts";
import { verifySignature } from "../openpgp/verify-signature.ts";
import { findUpdateinfo } from "./parse-repomd.ts";
import { UpdateinfoReader } from "./parse-updateinfo.ts";

/**
 * Reads the updateinfo of an RPM repository. Amazon Linux 2023 has a repository per release, and its updateinfo names
 * fixes of that release: who reads the release that a build takes knows what the build can reach.
 */
export const readRpmFeed: ReadFeed<RpmFeed> = async (
  feed,
  { interested, known, bounds, now },
): Promise<FeedReading> => {
  const { limits } = bounds;
  const url = feed.address === "mirror-list" ? await followMirrorList(feed.url) : feed.url;
  const repomd = await fetchIndex(url, bounds, known?.url === url ? known : undefined);
  if (!repomd) return { kind: "unchanged" };
  const { bytes, ...validators } = repomd;
  if (feed.keys.length > 0) {
    const signature = await fetchIndex(`${url}.asc`, bounds);
    verifySignature(url, { data: bytes, signature: signature?.bytes.toString("latin1") ?? "" }, feed.keys, now);
  }
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (known?.digest === digest) return { kind: "unchanged" };
  const updateinfo = findUpdateinfo(url, bytes, limits.entry);
  const reader = new UpdateinfoReader(updateinfo.file, limits.entry, interested);
  await takeListed(updateinfo, bounds, (piece) => reader.write(piece));
  reader.end();
  return { kind: "read", revision: { url, digest, ...validators }, advisories: reader.advisories };

  async function followMirrorList(list: string): Promise<string> {
    const text = (await fetchIndex(list, bounds))?.bytes.toString("utf8") ?? "";
    const [first = ""] = text.split("\n").map((line) => line.trim());
    const secure = new URL(list).protocol === "https:";
    if (!URL.canParse(first) || !(secure ? /^https:/ : /^https?:/).test(first)) {
      const valid = `an address that begins with ${secure ? "https:" : "http: or https:"}`;
      throw new FeedFailure("malformed", list, `its first line is "${first.slice(0, 200)}", not ${valid}`);
    }
    return new URL("repodata/repomd.xml", `${first.replace(/\/+$/, "")}/`).href;
  }
};
