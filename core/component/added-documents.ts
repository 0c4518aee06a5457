import type { Image } from "../factory/image-schema.ts";
import { imageSystemOf, type Platform } from "./image-system.ts";

/** Evaluates a benchmark. */
export const OPENSCAP_DOCUMENT = "amint:openscap";

/** Have Amazon Inspector evaluate one. */
export const INSPECTOR_DOCUMENTS: Readonly<Record<Platform, string>> = {
  Linux: "amint:inspector-cis",
  Windows: "amint:windows-inspector-cis",
};

/** Leave the list of what is installed, first for Amint, then for others to read. */
const LISTS: Readonly<Record<Platform, readonly string[]>> = {
  Linux: ["amint:package-manifest", "amint:sbom"],
  Windows: ["amint:windows-manifest", "amint:windows-sbom"],
};

/** The component documents that Amint itself adds to an image: after all that installs something, and after all tests. */
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

/** Why a document is in recipes although no config lists it; undefined for all that configs may list. */
export function whyAdded(document: string): string | undefined {
  if (lists.includes(document)) return "added to every image";
  return scannerDocuments.includes(document) ? "added to images with gate.benchmark" : undefined;
}

/** The parameters of a document whose values only a deployment knows. */
export const deployedParameters = (document: string): readonly string[] =>
  isUploading(document) ? ["EvidenceBucket", "RoleId"] : [];

/** Whether a document uploads to the evidence bucket, for which it takes `EvidenceBucket` and `RoleId`. */
export const isUploading = (document: string): boolean => [...lists, OPENSCAP_DOCUMENT].includes(document);
