import { SaxesParser } from "saxes";
import { FeedFailure } from "../feed-failure.ts";
import type { FeedLimits } from "../fetch-file.ts";

/** Names and attributes as written, with prefixes. */
export interface XmlHandlers {
  /** The elements whose text is kept. */
  readonly texts: readonly string[];
  opened(name: string, attributes: Readonly<Record<string, string>>, parent: string | undefined): void;
  /** `text` is the text since the last tag; empty for other elements. */
  closed(name: string, text: string, parent: string | undefined): void;
}

/** `entry`: bytes between one tag and the next. */
export type XmlLimits = Pick<FeedLimits, "entry" | "depth" | "elements">;

/**
 * Reads XML as a stream, strictly: well-formed, UTF-8, no custom entities.
 * @throws FeedFailure `malformed` and `too-large`, with the line
 */
export class XmlReader {
  readonly #file: string;
  readonly #limits: XmlLimits;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #parser = new SaxesParser();
  readonly #open: string[] = [];
  readonly #root: string;
  #text = "";
  #sinceTag = 0;
  #elements = 0;

  /** @param root the required name of the root element */
  constructor(file: string, root: string, limits: XmlLimits, { texts, opened, closed }: XmlHandlers) {
    this.#file = file;
    this.#root = root;
    this.#limits = limits;
    const wanted = new Set(texts);
    this.#parser.on("opentag", ({ name, attributes }) => {
      const parent = this.#open.at(-1);
      if (parent === undefined && name !== root)
        throw this.#malformed(`its outermost element is <${name}>, not <${root}>`);
      this.#open.push(name);
      this.#elements += 1;
      const { depth, elements } = limits;
      if (this.#open.length > depth) throw this.#tooLarge(`elements are nested more than ${depth} levels deep`);
      if (this.#elements > elements) throw this.#tooLarge(`more than ${elements} elements`);
      this.#text = "";
      this.#sinceTag = 0;
      opened(name, attributes, parent);
    });
    const add = (text: string) => {
      if (wanted.has(this.#open.at(-1) ?? "")) this.#text += text;
    };
    this.#parser.on("text", add);
    this.#parser.on("cdata", add);
    this.#parser.on("closetag", ({ name }) => {
      this.#open.pop();
      const text = this.#text;
      this.#text = "";
      this.#sinceTag = 0;
      closed(name, text, this.#open.at(-1));
    });
  }

  write(piece: Uint8Array): void {
    this.#sinceTag += piece.byteLength;
    this.#guarded(() => this.#parser.write(this.#decoder.decode(piece, { stream: true })));
    if (this.#sinceTag > this.#limits.entry)
      throw this.#malformed(`more than ${this.#limits.entry} bytes without a tag`);
  }

  end(): void {
    this.#guarded(() => {
      this.#parser.write(this.#decoder.decode());
      this.#parser.close();
    });
  }

  #guarded(read: () => void): void {
    try {
      read();
    } catch (cause) {
      if (cause instanceof FeedFailure) throw cause;
      throw this.#malformed(`is not XML with <${this.#root}>: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
  }

  #tooLarge(found: string): FeedFailure {
    return new FeedFailure("too-large", this.#file, `line ${this.#parser.line}: ${found}`);
  }

  #malformed(found: string, options?: ErrorOptions): FeedFailure {
    return new FeedFailure("malformed", this.#file, `line ${this.#parser.line}: ${found}`, options);
  }
}
