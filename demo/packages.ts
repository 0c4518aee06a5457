import type { PublishedPackage } from "../cli/stand-ins/package-repository/publication.ts";
import { publications } from "./publications.ts";

/** One line of a manifest, as `images/components/package-manifest.yaml` writes it; versions are examples. */
export interface ExamplePackage {
  readonly name: string;
  readonly epoch: string;
  readonly version: string;
  readonly release: string | null;
  readonly architecture: string;
  readonly source: string;
}

/**
 * What lies in an image that is built at a time, in milliseconds since 1970: what the vendor had published by then, since
 * each of the factory's images is updated when it is built; the web server's on top of its base's.
 */
export function packagesAt(image: string, time: number): ExamplePackage[] {
  const os = image.includes("ubuntu") ? "ubuntu-2404" : "al2023";
  const newest = new Map<string, PublishedPackage>();
  for (const { packages } of publications.filter((one) => one.os === os && one.at <= time)) {
    for (const one of packages) newest.set(one.name, one);
  }
  return [...newest.values()]
    .filter(({ name }) => name !== "nginx" || image.endsWith("web"))
    .map(({ name, version, architecture, source = name }) => ({ name, ...split(version), architecture, source }));
}

/** `[epoch:]version[-release]` in its parts. */
function split(text: string): Pick<ExamplePackage, "epoch" | "version" | "release"> {
  const [, epoch = "0", version = text, release = null] = /^(?:(\d+):)?(.+?)(?:-([^-]+))?$/.exec(text) ?? [];
  return { epoch, version, release };
}
