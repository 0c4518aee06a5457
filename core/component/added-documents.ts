import type { Image } from "../factory/image-schema.ts";
import { imageSystemOf, type Platform } from "./image-system.ts";

/** Evaluates a benchmark. */
export const OPENSCAP_DOCUMENT = "amint:openscap";

/** Have Amazon Inspector evaluate a benchmark. */
export const INSPECTOR_DOCUMENTS: Readonly<Record<Platform, string>> = {
  Linux: "amint:inspector-cis",
  Windows: "amint:windows-inspector-cis",
};

/** List the installed packages: first for Amint, then as an SBOM for other tools. */
const LISTS: Readonly<Record<Platform, readonly string[]>> = {
  Linux: ["amint:package-manifest", "amint:sbom"],
  Windows: ["amint:windows-manifest", "amint:windows-sbom"],
};

/** The component documents that Amint adds to an image: after all build components, and after all tests. */
export const addedDocuments = ({
  os,
  gate: { benchmark },
}: Pick<Image, "gate" | "os">): Readonly<Record<"afterBuild" | "afterTests", readonly string[]>> => {
  const { platform } = imageSystemOf(os);
  const scanner = benchmark?.by === "inspector" ? INSPECTOR_DOCUMENTS[platform] : OPENSCAP_DOCUMENT;
  return { afterBuild: LISTS[platform], afterTests: benchmark ? [scanner] : [] };
};

const lists = Object.values(LISTS).flat();

/** All documents that evaluate benchmarks. */
export const scannerDocuments = [OPENSCAP_DOCUMENT, ...Object.values(INSPECTOR_DOCUMENTS)];

/** Why Amint adds a document to recipes; undefined for documents that configs may list. */
export function whyAdded(document: string): string | undefined {
  if (lists.includes(document)) return "added to every image";
  return scannerDocuments.includes(document) ? "added to images with gate.benchmark" : undefined;
}

/** The parameters of a document whose values are known only at deployment. */
export const deployedParameters = (document: string): readonly string[] =>
  isUploading(document) ? ["EvidenceBucket", "RoleId"] : [];

/** Whether a document uploads to the evidence bucket, for which it takes `EvidenceBucket` and `RoleId`. */
export const isUploading = (document: string): boolean => [...lists, OPENSCAP_DOCUMENT].includes(document);
