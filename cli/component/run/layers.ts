import { createHash } from "node:crypto";
import type { ToeDocument } from "embedded-aws/documents";
import { findCached, makeCached } from "../../system/cache.ts";
import type { System } from "../../system/system.ts";
import type { PlannedDocument } from "./plan-documents.ts";

/** What documents install comes from the network, and changes there. */
const LONGEST_MS = 24 * 3600 * 1000;

/** The system after each document of a build, so that a later run starts behind those that did not change. */
export interface Layers {
  /** The last document whose layer is there, and the layer; undefined where there is none. */
  find(): { readonly place: number; readonly file: string } | undefined;
  keep(place: number, system: System): Promise<void>;
}

/** @param about the root, the backend and the phases: all that decides beside the documents */
export function openLayers(documents: readonly PlannedDocument[], about: readonly string[]): Layers {
  const keys: string[] = [];
  let key = about.join("\n");
  for (const document of documents) {
    // What is uploaded lies outside the system: it has to be uploaded in every run.
    if (document.kind === "document" && isUploading(document.document)) break;
    key = createHash("sha256")
      .update(`${key}\n${contentOf(document)}`)
      .digest("hex");
    keys.push(`layer-${key.slice(0, 32)}`);
  }
  return {
    find() {
      for (let place = keys.length - 1; place >= 0; place--) {
        const file = findCached(keys[place] ?? "", LONGEST_MS);
        if (file) return { place, file };
      }
      return undefined;
    },
    async keep(place, system) {
      const name = keys[place];
      if (name) await makeCached(name, (path) => system.snapshot(path));
    },
  };
}

const contentOf = (document: PlannedDocument): string =>
  document.kind === "document" ? JSON.stringify([document.text, document.parameters]) : document.title;

const isUploading = ({ phases }: ToeDocument): boolean =>
  phases.some(({ steps }) => steps.some(({ action }) => action === "S3Upload"));
