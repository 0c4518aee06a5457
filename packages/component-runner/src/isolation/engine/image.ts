import { rootTar } from "../root-tar.ts";
import { requireProgram, runProgram } from "../run-program.ts";
import { type RootSource, SystemError } from "../system.ts";

/** The vendors' images in the default registry, by the config's `os`. */
const images: Readonly<Record<string, string | undefined>> = {
  al2: "amazonlinux:2",
  al2023: "amazonlinux:2023",
  "alma-9": "almalinux:9",
  "alma-10": "almalinux:10",
  "debian-12": "debian:12",
  "debian-13": "debian:13",
  "rocky-9": "rockylinux:9",
  "rocky-10": "rockylinux/rockylinux:10",
  "ubuntu-2204": "ubuntu:22.04",
  "ubuntu-2404": "ubuntu:24.04",
};

export const succeeds = async (program: string, args: readonly string[]) => (await runProgram(program, args)) === 0;

/** @returns the reference of an image that the engine has */
export async function prepareImage(
  engine: string,
  source: RootSource,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<string> {
  const isThere = (image: string) => succeeds(engine, ["image", "inspect", image]);
  if (source.kind === "os") {
    const image = images[source.os];
    if (!image) {
      const known = Object.keys(images).join(", ");
      throw new SystemError(
        `${source.os} has no image for ${engine}: only ${known}. Give a root by --root <tar or directory>`,
      );
    }
    if (await isThere(image)) return image;
    progress(`Pulling ${image}`);
    const platform = source.architecture === "arm64" ? "linux/arm64" : "linux/amd64";
    await requireProgram(engine, ["pull", "--quiet", "--platform", platform, image], { signal });
    return image;
  }
  const { path, digest } = await rootTar(source, progress, signal);
  const image = `component-runner-root:${digest.slice(0, 24)}`;
  if (!(await isThere(image))) await requireProgram(engine, ["import", path, image], { signal });
  return image;
}
