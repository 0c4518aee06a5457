import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { SaxesParser } from "saxes";
import type { CisResult, FailedRule } from "../../core/evidence/cis.ts";

/** A benchmark result has some ten megabytes. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Rule results that count (XCCDF 1.2, 6.6.4.2, table 26); other results are not checks. */
const PASSED = ["pass", "fixed"];
const FAILED: readonly string[] = ["fail", "error", "unknown"] satisfies FailedRule["result"][];

/** A benchmark's result cannot be read; it never counts as passed. */
class CisResultUnreadable extends Error {
  override readonly name = "CisResultUnreadable";

  constructor(key: string, found: string, options?: ErrorOptions) {
    super(`${key} is not a gzip-compressed result of \`oscap xccdf eval --results\`: ${found}`, options);
  }
}

/**
 * Reads an OpenSCAP result: a gzip-compressed XCCDF 1.2 document, or an ARF with one.
 * @param key for messages
 * @throws CisResultUnreadable also where it does not have exactly one complete TestResult
 */
export async function readCisResult(key: string, packed: Uint8Array): Promise<CisResult> {
  const reader = new TestResultReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let bytes = 0;
  try {
    for await (const piece of Readable.from([packed]).pipe(createGunzip()) as AsyncIterable<Buffer>) {
      bytes += piece.byteLength;
      if (bytes > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
      reader.write(decoder.decode(piece, { stream: true }));
    }
    reader.write(decoder.decode());
    return reader.end();
  } catch (cause) {
    throw new CisResultUnreadable(key, `${reader.line}${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}

/** Matches elements by local name: ARF and XCCDF use different prefixes. */
class TestResultReader {
  readonly #parser = new SaxesParser();
  readonly #open: string[] = [];
  readonly #titles = new Map<string, string>();
  readonly #results = new Map<string, { severity: string | undefined; results: string[] }>();
  #text = "";
  #rule = "";
  #tests = 0;
  #endedAt = "";
  #profile = "";
  #benchmark = "";

  constructor() {
    this.#parser.on("doctype", () => {
      throw new Error("it has a document type declaration");
    });
    this.#parser.on("opentag", ({ name, attributes }) => {
      const parent = this.#open.at(-1);
      const local = localName(name);
      this.#open.push(local);
      // Only a title's own text; markup in it is dropped.
      if (local === "title" || local === "result") this.#text = "";
      if (local === "Rule") this.#rule = attributes.id ?? "";
      else if (local === "TestResult") {
        this.#tests++;
        this.#endedAt = attributes["end-time"] ?? "";
      } else if (parent === "TestResult") this.#openInTest(local, attributes);
    });
    this.#parser.on("text", (text) => {
      const at = this.#open.at(-1);
      if (at === "result" || at === "title") this.#text += text;
    });
    this.#parser.on("closetag", ({ name }) => {
      this.#open.pop();
      this.#close(localName(name), this.#open.at(-1));
    });
  }

  /** The reader's position, for messages. */
  get line(): string {
    return `line ${this.#parser.line}: `;
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  end(): CisResult {
    this.#parser.close();
    if (this.#tests !== 1) throw new Error(`it has ${this.#tests} TestResult elements, not one`);
    if (Number.isNaN(Date.parse(this.#endedAt))) throw new Error("its TestResult has no end-time: it is incomplete");
    if (!this.#profile) throw new Error("its TestResult has no profile");
    const rules = [...this.#results].map(([rule, { severity, results }]) => ({ rule, severity, ...verdict(results) }));
    return {
      by: "openscap",
      profile: this.#profile,
      benchmark: this.#benchmark,
      endedAt: new Date(this.#endedAt).toISOString(),
      checks: rules.filter(({ passed, result }) => passed || result).length,
      failed: rules.flatMap(({ rule, severity, result }) =>
        result ? [{ rule, result, ...this.#titleOf(rule), ...(severity && { severity }) }] : [],
      ),
    };
  }

  #openInTest(local: string, attributes: Readonly<Record<string, string>>): void {
    if (local === "benchmark") this.#benchmark = attributes.id ?? attributes.href ?? "";
    if (local === "profile") this.#profile = attributes.idref ?? "";
    if (local !== "rule-result") return;
    this.#rule = attributes.idref ?? "";
    const known = this.#results.get(this.#rule);
    if (!known) this.#results.set(this.#rule, { severity: attributes.severity, results: [] });
  }

  #close(local: string, parent: string | undefined): void {
    if (local === "title" && parent === "Rule") this.#titles.set(this.#rule, this.#text.trim());
    if (local === "result" && parent === "rule-result") this.#results.get(this.#rule)?.results.push(this.#text.trim());
  }

  #titleOf(rule: string): { title?: string } {
    const title = this.#titles.get(rule);
    return title ? { title } : {};
  }
}

const localName = (name: string): string => name.slice(name.indexOf(":") + 1);

/** A rule that is checked several times fails if one of the checks fails. */
function verdict(results: readonly string[]): { passed: boolean; result: FailedRule["result"] | undefined } {
  const failed = results.find((one) => FAILED.includes(one)) as FailedRule["result"] | undefined;
  return { passed: !failed && results.some((one) => PASSED.includes(one)), result: failed };
}
