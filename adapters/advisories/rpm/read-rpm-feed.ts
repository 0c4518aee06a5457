import { createHash } from "node:crypto";
import type { RpmFeed } from "../../../core/advisories/feed.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { FeedReading, ReadFeed } from "../feed-reading.ts";
import { fetchIndex } from "../fetch-file.ts";
import { type Expected, type Packing, packings } from "../file-content.ts";
import { verifySignature } from "../openpgp/verify-signature.ts";
import { refuseOlder } from "../refuse-older.ts";
import { type Listed, takeListed } from "../take-file.ts";
import { UpdateinfoReader } from "./parse-updateinfo.ts";
import { type XmlLimits, XmlReader } from "./xml-reader.ts";

/** In characters: browsers and servers accept no more. */
const LONGEST_ADDRESS = 2_000;

/**
 * Reads the updateinfo of an RPM repository. Amazon Linux 2023 has one repository per release, with that release's
 * fixes: the release that a build uses determines which fixes it can get.
 */
export const readRpmFeed: ReadFeed<RpmFeed> = async (
  feed,
  { interested, known, bounds, now, probe, notBefore },
): Promise<FeedReading> => {
  const { limits } = bounds;
  const url = feed.address === "mirror-list" ? await followMirrorList(feed.url) : feed.url;
  const repomd = await fetchIndex(url, bounds, known?.url === url ? known : undefined);
  if (!repomd) return { kind: "unchanged" };
  const { bytes, ...validators } = repomd;
  if (feed.keys.length > 0) {
    const signature = await fetchIndex(`${url}.asc`, bounds, undefined, limits.signature);
    verifySignature(url, { data: bytes, signature: signature?.bytes.toString("latin1") ?? "" }, feed.keys, now);
  }
  const digest = createHash("sha256").update(bytes).digest("hex");
  if (known?.digest === digest) return { kind: "unchanged" };
  const { at, ...updateinfo } = findUpdateinfo(url, bytes, limits);
  if (at !== undefined) refuseOlder(url, at, notBefore);
  if (probe) return { kind: "changed" };
  const reader = new UpdateinfoReader(updateinfo.file, limits, interested);
  await takeListed(updateinfo, bounds, (piece) => reader.write(piece));
  reader.end();
  return {
    kind: "read",
    revision: { url, digest, ...(at !== undefined && { at }), ...validators },
    advisories: reader.advisories,
  };

  async function followMirrorList(list: string): Promise<string> {
    const text = (await fetchIndex(list, bounds))?.bytes.toString("utf8") ?? "";
    const [first = ""] = text.split("\n").map((line) => line.trim());
    const secure = new URL(list).protocol === "https:";
    if (first.length > LONGEST_ADDRESS || !URL.canParse(first) || !(secure ? /^https:/ : /^https?:/).test(first)) {
      const valid = `an address that begins with ${secure ? "https:" : "http: or https:"}`;
      throw new FeedFailure("malformed", list, `its first line is "${first.slice(0, 200)}", not ${valid}`);
    }
    return new URL("repodata/repomd.xml", `${first.replace(/\/+$/, "")}/`).href;
  }
};

/**
 * The URL and checksum of a repository's updateinfo.
 * @param file the URL of repomd.xml
 * @throws FeedFailure `malformed`; `missing-metadata` where the repository lists no updateinfo
 */
export function findUpdateinfo(file: string, bytes: Uint8Array, limits: XmlLimits): Listed & { readonly at?: number } {
  const found: Record<string, string> = {};
  let within = false;
  const reader = new XmlReader(file, "repomd", limits, {
    texts: ["checksum", "open-checksum", "size", "open-size", "timestamp"],
    opened(name, attributes, parent) {
      if (name === "data") within = attributes.type === "updateinfo" && !("location" in found);
      if (!within || parent !== "data") return;
      if (name === "location") found.location = attributes.href ?? "";
      if (name.endsWith("checksum")) found[`${name}-type`] = attributes.type ?? "none";
    },
    closed(name, text, parent) {
      if (within && parent === "data" && text.trim()) found[name] = text.trim();
      if (name === "data") within = false;
    },
  });
  reader.write(bytes);
  reader.end();
  if (found.location === undefined) {
    throw new FeedFailure("missing-metadata", file, 'lists no <data type="updateinfo">, so its updates are unknown');
  }
  const packed = expectedOf(found, "");
  if (!packed) throw new FeedFailure("malformed", file, "lists updateinfo without a checksum");
  const unpacked = expectedOf(found, "open-");
  const seconds = Number(found.timestamp ?? Number.NaN);
  return {
    ...(Number.isSafeInteger(seconds) && { at: seconds * 1_000 }),
    file: addressOf(file, found.location),
    packing: packingOf(file, found.location),
    packed,
    ...(unpacked && { unpacked }),
  };
}

function expectedOf(found: Readonly<Record<string, string>>, kind: "" | "open-"): Expected | undefined {
  const hex = found[`${kind}checksum`];
  const size = Number(found[`${kind}size`]);
  if (!hex) return undefined;
  return { algorithm: found[`${kind}checksum-type`] ?? "none", hex, ...(Number.isSafeInteger(size) && { size }) };
}

function packingOf(repomd: string, location: string): Packing {
  const packing = packings.find((ending) => location.endsWith(`.xml${ending}`));
  if (packing !== undefined) return packing;
  const valid = packings.map((ending) => `.xml${ending}`).join(", ");
  throw new FeedFailure(
    "unknown-format",
    repomd,
    `lists updateinfo at "${location}", expected a name that ends in one of ${valid}`,
  );
}

/** Locations are relative to the repository, the parent folder of repomd.xml's, and must stay within it. */
function addressOf(repomd: string, location: string): string {
  const repository = new URL("..", repomd).href;
  const address = URL.canParse(location, repository) ? new URL(location, repository).href : "";
  if (address.startsWith(repository)) return address;
  throw new FeedFailure("malformed", repomd, `lists updateinfo at "${location}", which is not below ${repository}`);
}
