import type { UnknownWord } from "./document.ts";
import type { DocumentPath, DocumentReader, WrittenReference } from "./document-reader.ts";
import type { Place } from "./read-yaml.ts";

/** One step of a document. Paths begin at the step; faults name it as AWSTOE does. */
export class StepReader {
  readonly path: DocumentPath;
  readonly #reader: DocumentReader;
  readonly #prefix: string;

  constructor(reader: DocumentReader, path: DocumentPath, step: string, phase: string) {
    this.#reader = reader;
    this.path = path;
    this.#prefix = `Parsing step '${step}' in phase '${phase}' failed. Error: `;
  }

  get checksScripts(): boolean {
    return this.#reader.scripts;
  }

  placeIn(path: DocumentPath, offset: number): Place {
    return this.#reader.placeIn([...this.path, ...path], offset);
  }

  at(path: DocumentPath): unknown {
    return this.#reader.at([...this.path, ...path]);
  }

  fault(path: DocumentPath, message: string, unknown?: UnknownWord): void {
    this.#reader.fault([...this.path, ...path], `${this.#prefix}${message}`, unknown);
  }

  faultAt(place: Place, message: string, unknown?: UnknownWord): void {
    this.#reader.faultAt(place, `${this.#prefix}${message}`, unknown);
  }

  warn(path: DocumentPath, message: string, unknown?: UnknownWord): void {
    this.#reader.warn([...this.path, ...path], message, unknown);
  }

  warnAt(place: Place, message: string): void {
    this.#reader.warnAt(place, message);
  }

  onlyKeys(path: DocumentPath, known: readonly string[], unlike?: "fault" | "warning"): void {
    this.#reader.onlyKeys([...this.path, ...path], known, unlike);
  }

  references(path: DocumentPath): WrittenReference[] {
    return this.#reader.references([...this.path, ...path]);
  }
}
