import { findUpload, keepUpload, parseJson, UploadUnreadable } from "../../adapters/evidence/evidence-store.ts";
import { buildInstanceId, type WorkflowStep } from "../../core/build/workflow-steps.ts";
import type { Evidence } from "../../core/evidence/evidence.ts";
import { type Manifest, manifest, packagesDigest, sbom } from "../../core/evidence/manifest.ts";
import { evidenceStoreOf, type Piece, type Subject, type UploadInvocation, uploadFolder } from "./piece.ts";

/** The build uploaded no manifest: the package-manifest component did not run, so the packages are unknown. */
class NoManifest extends Error {
  override readonly name = "NoManifest";

  constructor(instanceId: string | undefined) {
    super(
      instanceId
        ? `The build's instance ${instanceId} uploaded no package manifest; the recipe's package-manifest component must do that.`
        : "Image Builder does not report the instance that the build workflow launched, so its package manifest cannot be found; start another build.",
    );
  }
}

/** The list of installed packages. @throws NoManifest, UploadUnreadable */
export async function collectManifest(
  { image }: Subject,
  steps: readonly WorkflowStep[],
  invocation: UploadInvocation,
): Promise<Piece<Pick<Evidence, "packageCount" | "packagesDigest">> & { manifest: Manifest }> {
  const instanceId = buildInstanceId(steps);
  const upload =
    instanceId &&
    (await findUpload(evidenceStoreOf(invocation), uploadFolder(image, instanceId, invocation), "packages.json"));
  if (!upload) throw new NoManifest(instanceId);
  const parsed = manifest.safeParse(parseJson(upload));
  if (!parsed.success) throw new UploadUnreadable(upload.key, parsed.error.message);
  return {
    manifest: parsed.data,
    found: { packageCount: parsed.data.packages.length, packagesDigest: packagesDigest(parsed.data) },
    sources: [{ piece: "packages", source: upload.key, at: upload.at }],
  };
}

/** The build's bill of materials, stored permanently. @throws UploadUnreadable */
export async function collectSbom(
  { image, build }: Subject,
  steps: readonly WorkflowStep[],
  invocation: UploadInvocation,
): Promise<Piece<Pick<Evidence, "sbom">>> {
  const instanceId = buildInstanceId(steps);
  const upload =
    instanceId &&
    (await findUpload(evidenceStoreOf(invocation), uploadFolder(image, instanceId, invocation), "sbom.cdx.json"));
  if (!upload) return { found: {}, sources: [] };
  const parsed = sbom.safeParse(parseJson(upload));
  if (!parsed.success) throw new UploadUnreadable(upload.key, parsed.error.message);
  const { specVersion, components, metadata } = parsed.data;
  const key = await keepUpload(evidenceStoreOf(invocation), build, upload, "application/vnd.cyclonedx+json");
  return {
    found: { sbom: { format: `CycloneDX ${specVersion}`, components: components.length, key } },
    sources: [{ piece: "sbom", source: key, at: metadata.timestamp }],
  };
}
