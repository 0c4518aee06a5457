import type { ArchivePackage } from "../../../core/advisories/feed.ts";
import { FeedFailure } from "../feed-failure.ts";
import type { FeedLimits } from "../fetch-file.ts";
import type { KeptText } from "../kept-text.ts";

const NEWLINE = 0x0a;
const BEGINNING = Buffer.from("Package: ");
const BLANK = Buffer.from("\n\n");

/**
 * Reads `Packages` as a stream. For the tens of thousands of paragraphs about packages that are not installed, only the
 * name is decoded, so that memory depends on the installed packages.
 */
export class PackagesReader {
  readonly packages: ArchivePackage[] = [];
  readonly #file: string;
  readonly #limits: Pick<FeedLimits, "entry" | "elements">;
  readonly #kept: KeptText;
  readonly #interested: (packageName: string) => boolean;
  #rest = Buffer.alloc(0);
  #paragraphs = 0;

  /**
   * @param limits `entry`: bytes of one paragraph; `elements`: paragraphs
   * @param kept shared by all files of the feed
   * @throws FeedFailure `malformed`, `too-large`, from `write` and `end`
   */
  constructor(
    file: string,
    limits: Pick<FeedLimits, "entry" | "elements">,
    kept: KeptText,
    interested: (packageName: string) => boolean,
  ) {
    this.#file = file;
    this.#limits = limits;
    this.#kept = kept;
    this.#interested = interested;
  }

  write(piece: Uint8Array): void {
    const buffer =
      this.#rest.length > 0
        ? Buffer.concat([this.#rest, piece])
        : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let start = 0;
    for (let end = buffer.indexOf(BLANK); end >= 0; end = buffer.indexOf(BLANK, start)) {
      this.#paragraph(buffer.subarray(start, end));
      start = end + BLANK.length;
    }
    this.#rest = Buffer.from(buffer.subarray(start));
    const { entry } = this.#limits;
    if (this.#rest.length > entry) throw this.#malformed(`is longer than ${entry} bytes`);
  }

  end(): void {
    this.#paragraph(this.#rest);
    this.#rest = Buffer.alloc(0);
  }

  #paragraph(bytes: Buffer): void {
    let start = 0;
    while (bytes[start] === NEWLINE) start += 1;
    if (start === bytes.length) return;
    this.#paragraphs += 1;
    const { elements } = this.#limits;
    if (this.#paragraphs > elements)
      throw new FeedFailure("too-large", this.#file, `has more than ${elements} paragraphs`);
    if (bytes.subarray(start, start + BEGINNING.length).equals(BEGINNING)) {
      const end = bytes.indexOf(NEWLINE, start);
      if (end > 0 && !this.#interested(bytes.toString("latin1", start + BEGINNING.length, end).trimEnd())) return;
    }
    this.#keep(bytes.toString("utf8", start));
  }

  #keep(text: string): void {
    const fields = new Map(
      [...text.matchAll(/^(Package|Source|Version|Architecture):(.*)$/gim)].map(([, name = "", value = ""]) => [
        name.toLowerCase(),
        value.trim(),
      ]),
    );
    const name = fields.get("package");
    const version = fields.get("version");
    if (!name) throw this.#malformed("has no Package");
    if (!this.#interested(name)) return;
    if (!version) throw this.#malformed(`(${name}) has no Version`);
    const [source = name, inParentheses] = (fields.get("source") || name).split(/[ \t]+/, 2);
    const keep = (kept: string) => this.#kept.keep(kept);
    this.packages.push({
      name: keep(name),
      version: keep(version),
      architecture: keep(fields.get("architecture") ?? ""),
      source: keep(source),
      sourceVersion: keep(inParentheses?.replace(/^\(|\)$/g, "") ?? version),
    });
  }

  #malformed(found: string): FeedFailure {
    return new FeedFailure("malformed", this.#file, `its paragraph ${this.#paragraphs} ${found}`);
  }
}
