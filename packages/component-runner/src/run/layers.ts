import { createHash } from "node:crypto";
import { findCached, makeCached } from "../isolation/cache.ts";
import type { System } from "../isolation/system.ts";
import type { ToeDocument } from "../language/document.ts";
import type { PlannedDocument } from "./plan-documents.ts";

/** Layers expire, because documents install packages from the network. */
const LONGEST_MS = 24 * 3600 * 1000;

/** Snapshots after each document of a build, so that a later run skips unchanged documents. */
export interface Layers {
  /** The last document with a cached layer, and that layer. */
  find(): { readonly place: number; readonly file: string } | undefined;
  keep(place: number, system: System): Promise<void>;
}

/** @param about root, backend and phases, which the layer depends on besides the documents */
export function openLayers(documents: readonly PlannedDocument[], about: readonly string[]): Layers {
  const keys: string[] = [];
  let key = about.join("\n");
  for (const document of documents) {
    // Uploads happen outside the system, so every run repeats them.
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
