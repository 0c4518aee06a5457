import { gzipSync } from "node:zlib";
import { digestOf } from "../../../ecr/manifest.ts";
import { SIMULATED } from "../../simulation.ts";
import type { ImageRecord } from "../../state.ts";

export interface ContainerParent {
  /** As in FROM; with the digest if the registry provided it. */
  readonly reference: string;
  readonly layers: readonly Layer[];
}

/** A container image as it is pushed: a manifest and its blobs. */
export interface ContainerImage {
  readonly digest: string;
  readonly manifest: string;
  readonly blobs: readonly Uint8Array[];
}

/**
 * The image that a recipe's Dockerfile would produce on its parent: the parent's layers, plus one with a text that
 * describes the build. Labels contain image, version and build number, so that each build has its own digest.
 */
export function makeContainerImage(
  record: ImageRecord,
  parent: ContainerParent,
  dockerfile: string,
  now: number,
): ContainerImage {
  const { name, version, arn } = record.image;
  const layers = [...parent.layers, makeLayer("simulated", `${SIMULATED}\n${dockerfile}\n${arn}`)];
  const blobs = layers.map(({ blob }) => blob);
  const config = Buffer.from(
    JSON.stringify({
      architecture: isArm(record.image.infrastructureConfiguration?.instanceTypes) ? "arm64" : "amd64",
      os: record.image.platform === "Windows" ? "windows" : "linux",
      created: new Date(now).toISOString(),
      config: {
        Labels: {
          "org.opencontainers.image.title": name,
          "org.opencontainers.image.version": `${version}-${record.buildNumber}`,
          "org.opencontainers.image.base.name": parent.reference,
        },
      },
      rootfs: { type: "layers", diff_ids: layers.map(({ diffId }) => diffId) },
    }),
  );
  const described = (mediaType: string, blob: Uint8Array) => ({ mediaType, digest: digestOf(blob), size: blob.length });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: described("application/vnd.docker.container.image.v1+json", config),
    layers: blobs.map((layer) => described("application/vnd.docker.image.rootfs.diff.tar.gzip", layer)),
  });
  return { digest: digestOf(manifest), manifest, blobs: [config, ...blobs] };
}

/** Graviton families have a `g` after their number (EC2 user guide, "Instance type naming conventions"). */
const isArm = ([type = ""]: readonly string[] = []): boolean => /^(a1|[a-z]+\d+g[a-z]*)\./.test(type);

const VARIABLES = /\{\{\{\s*imagebuilder:(parentImage|environments|components)\s*\}\}\}/g;

/** The Dockerfile of a build: its template with Image Builder's variables replaced. */
export const fillDockerfile = (template: string, parent: string, components: readonly string[]): string =>
  template.replaceAll(VARIABLES, (_, variable: string) => {
    if (variable === "parentImage") return parent;
    return variable === "environments" ? "# environments" : components.map((one) => `# component ${one}`).join("\n");
  });

/** A layer as it is pushed: a compressed archive. */
export interface Layer {
  readonly blob: Uint8Array;
  /** The digest of the uncompressed archive, which the image's config lists (OCI image specification). */
  readonly diffId: string;
}

const BLOCK = 512;

/** A layer with one file, as `docker` would unpack it. The same text gives the same layer. */
export function makeLayer(path: string, text: string): Layer {
  const content = Buffer.from(text);
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK);
  // Two empty blocks end an archive (POSIX, "pax", ustar interchange format).
  const archive = Buffer.concat([header(path, content.length), content, padding, Buffer.alloc(2 * BLOCK)]);
  return { blob: gzipSync(archive), diffId: digestOf(archive) };
}

function header(path: string, size: number): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, length: number) => `${value.toString(8).padStart(length - 1, "0")}\0`;
  block.write(path, 0, 100);
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  // The checksum counts its own field as spaces.
  block.write("        ", 148);
  block.write("0", 156);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
}
