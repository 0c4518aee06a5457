import type { Expected } from "../checksum.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { Listed } from "../fetch-file.ts";
import { type Packing, packings } from "../unpack.ts";
import { XmlReader } from "./xml-reader.ts";

/**
 * Where a repository's updateinfo lies, and what it must be.
 * @param file the address of the repomd.xml
 * @throws FeedFailure `malformed`; `missing-metadata` where the repository lists no updateinfo
 */
export function findUpdateinfo(file: string, bytes: Uint8Array, limit: number): Listed {
  const found: Record<string, string> = {};
  let within = false;
  const reader = new XmlReader(file, "repomd", limit, {
    texts: ["checksum", "open-checksum", "size", "open-size"],
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
    throw new FeedFailure(
      "missing-metadata",
      file,
      'lists no <data type="updateinfo">, so it says nothing about updates',
    );
  }
  const packed = expectedOf(found, "");
  if (!packed) throw new FeedFailure("malformed", file, "lists updateinfo without a checksum");
  const unpacked = expectedOf(found, "open-");
  return {
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
  throw new FeedFailure("unknown-format", repomd, `lists updateinfo at "${location}", which ends in none of ${valid}`);
}

/** Locations are relative to the repository, which repomd.xml lies one folder below of, and stay in it. */
function addressOf(repomd: string, location: string): string {
  const repository = new URL("..", repomd).href;
  const address = URL.canParse(location, repository) ? new URL(location, repository).href : "";
  if (address.startsWith(repository)) return address;
  throw new FeedFailure("malformed", repomd, `lists updateinfo at "${location}", which is not below ${repository}`);
}
