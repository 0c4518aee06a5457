import { SaxesParser } from "saxes";
import { FeedFailure } from "../feed-failure.ts";

/** Names and attributes as they are written, prefixes included. */
export interface XmlHandlers {
  /** The elements whose text is wanted. */
  readonly texts: readonly string[];
  opened(name: string, attributes: Readonly<Record<string, string>>, parent: string | undefined): void;
  /** `text` is what stands after the last tag before this one; empty for elements whose text is not wanted. */
  closed(name: string, text: string, parent: string | undefined): void;
}

/**
 * Reads XML that comes in pieces, strictly: well-formed, UTF-8, no entities of its own.
 * @throws FeedFailure `malformed`, with the line
 */
export class XmlReader {
  readonly #file: string;
  readonly #limit: number;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  readonly #parser = new SaxesParser();
  readonly #open: string[] = [];
  readonly #root: string;
  #text = "";
  #sinceTag = 0;

  /**
   * @param root the name of the outermost element; another one is malformed
   * @param limit bytes between one tag and the next
   */
  constructor(file: string, root: string, limit: number, { texts, opened, closed }: XmlHandlers) {
    this.#file = file;
    this.#root = root;
    this.#limit = limit;
    const wanted = new Set(texts);
    this.#parser.on("opentag", ({ name, attributes }) => {
      const parent = this.#open.at(-1);
      if (parent === undefined && name !== root)
        throw this.#malformed(`its outermost element is <${name}>, not <${root}>`);
      this.#open.push(name);
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
    if (this.#sinceTag > this.#limit) throw this.#malformed(`more than ${this.#limit} bytes without a tag`);
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
      throw this.#malformed(`is no XML with <${this.#root}>: ${cause instanceof Error ? cause.message : cause}`, {
        cause,
      });
    }
  }

  #malformed(found: string, options?: ErrorOptions): FeedFailure {
    return new FeedFailure("malformed", this.#file, `line ${this.#parser.line}: ${found}`, options);
  }
}
