import type { Image } from "../factory/image-schema.ts";

/** Leaves the list of installed packages. */
const MANIFEST_DOCUMENT = "amint:package-manifest";
/** Leaves that list for others to read. */
const SBOM_DOCUMENT = "amint:sbom";
/** Evaluates a benchmark. */
export const OPENSCAP_DOCUMENT = "amint:openscap";

/** Has Amazon Inspector evaluate one. */
export const INSPECTOR_DOCUMENT = "amint:inspector-cis";

/** The component documents that Amint itself adds to an image: after all that installs something, and after all tests. */
export const addedDocuments = ({
  gate,
}: Pick<Image, "gate">): Readonly<Record<"afterBuild" | "afterTests", string[]>> => ({
  afterBuild: [MANIFEST_DOCUMENT, SBOM_DOCUMENT],
  afterTests: gate.cis ? [gate.cis.by === "inspector" ? INSPECTOR_DOCUMENT : OPENSCAP_DOCUMENT] : [],
});

/** Why a document is in recipes although no config lists it; undefined for all that configs may list. */
export function whyAdded(document: string): string | undefined {
  if ([MANIFEST_DOCUMENT, SBOM_DOCUMENT].includes(document)) return "added to every image";
  return [OPENSCAP_DOCUMENT, INSPECTOR_DOCUMENT].includes(document) ? "added to images with gate.cis" : undefined;
}

/** Whether a document uploads to the evidence bucket, for which it takes `EvidenceBucket` and `RoleId`. */
export const isUploading = (document: string): boolean =>
  [MANIFEST_DOCUMENT, SBOM_DOCUMENT, OPENSCAP_DOCUMENT].includes(document);
