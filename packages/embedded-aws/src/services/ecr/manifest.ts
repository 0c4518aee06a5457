import { createHash } from "node:crypto";
import { invalidParameter } from "./refusals.ts";

/** The parts of a manifest that ECR needs. */
export interface Manifest {
  readonly mediaType: string;
  readonly artifactMediaType: string | undefined;
  /** Config and layers of an image. */
  readonly layers: readonly ManifestLayer[];
  /** The images of a manifest list or an image index. */
  readonly listed: readonly string[];
}

interface ManifestLayer {
  readonly digest: string;
  readonly size: number;
  readonly mediaType: string;
}

/** "Container image manifest format support in Amazon ECR", user guide; manifests of schema 1 are not built. */
const IMAGES = [
  "application/vnd.docker.distribution.manifest.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
] as const;
const LISTS = [
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.index.v1+json",
] as const;

const MANIFEST = "'ImageManifest' failed to satisfy constraint";

export const digestOf = (content: string | Uint8Array): string =>
  `sha256:${createHash("sha256").update(content).digest("hex")}`;

/**
 * Reads a manifest.
 * @param mediaType the request's, used if the manifest has none
 * @throws InvalidParameterException naming what is missing
 */
export function readManifest(text: string, mediaType: string | undefined): Manifest {
  const json = parsed(text);
  const type = json.mediaType ?? mediaType;
  if (typeof type !== "string") throw invalidParameter(`${MANIFEST}: it names no mediaType, nor does the request`);
  if (mediaType !== undefined && mediaType !== type) {
    throw invalidParameter(`'ImageManifestMediaType' failed to satisfy constraint: the manifest is '${type}'`);
  }
  const config = json.config === undefined ? undefined : descriptor(json.config, "config");
  const artifactMediaType = typeof json.artifactType === "string" ? json.artifactType : config?.mediaType;
  if ((LISTS as readonly string[]).includes(type)) {
    const listed = descriptors(json.manifests, "manifests").map(({ digest }) => digest);
    return { mediaType: type, artifactMediaType: undefined, layers: [], listed };
  }
  if (!(IMAGES as readonly string[]).includes(type)) {
    throw invalidParameter(`${MANIFEST}: '${type}' is none of ${[...IMAGES, ...LISTS].join(", ")}`);
  }
  if (config === undefined) throw invalidParameter(`${MANIFEST}: it has no config`);
  return { mediaType: type, artifactMediaType, layers: [config, ...descriptors(json.layers, "layers")], listed: [] };
}

function parsed(text: string): Record<string, unknown> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw invalidParameter(`${MANIFEST}: 'Invalid JSON syntax'`);
  }
  if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Record<string, unknown>;
  throw invalidParameter(`${MANIFEST}: it is not a JSON object`);
}

function descriptors(value: unknown, path: string): ManifestLayer[] {
  if (!Array.isArray(value)) throw invalidParameter(`${MANIFEST}: ${path} is not a list`);
  return value.map((one, index) => descriptor(one, `${path}[${index}]`));
}

function descriptor(value: unknown, path: string): ManifestLayer {
  const { digest, size, mediaType } = (value ?? {}) as Record<string, unknown>;
  if (typeof digest !== "string" || !/^sha256:[0-9a-f]{64}$/.test(digest)) {
    throw invalidParameter(`${MANIFEST}: ${path}.digest must be sha256: and 64 hexadecimal digits`);
  }
  if (typeof size !== "number" || typeof mediaType !== "string") {
    throw invalidParameter(`${MANIFEST}: ${path} must have a size in bytes and a mediaType`);
  }
  return { digest, size, mediaType };
}
