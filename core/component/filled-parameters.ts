import { levelOf } from "../evidence/cis.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Image } from "../factory/image-schema.ts";
import { INSPECTOR_DOCUMENTS, OPENSCAP_DOCUMENT } from "./added-documents.ts";
import { documentName } from "./image-components.ts";
import { releaseUpdates } from "./image-system.ts";

interface Filled {
  readonly value: string;
  /** The config setting that determines the value. */
  readonly from: string;
}

/** The parameters of a document that Amint sets from the config. */
export function filledParameters(
  document: string,
  { gate: { benchmark }, triggers }: Pick<Image, "gate" | "triggers">,
  { name }: Pick<Factory, "name">,
): Readonly<Record<string, Filled>> {
  if (releaseUpdates.some(({ ami, container }) => [ami, container].includes(documentName(document)))) {
    return { Release: { value: triggers.packages?.release ?? "latest", from: "triggers.packages.release" } };
  }
  if (benchmark?.by === "inspector") {
    if (!Object.values(INSPECTOR_DOCUMENTS).includes(document)) return {};
    return {
      Factory: { value: name, from: "name" },
      Level: { value: levelOf(benchmark.level), from: "gate.benchmark.level" },
    };
  }
  if (document !== OPENSCAP_DOCUMENT || !benchmark) return {};
  return {
    ContentUrl: { value: benchmark.content.url, from: "gate.benchmark.content.url" },
    ContentSha256: { value: benchmark.content.sha256, from: "gate.benchmark.content.sha256" },
    Profile: { value: benchmark.profile, from: "gate.benchmark.profile" },
  };
}
