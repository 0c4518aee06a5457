import { pipelineName } from "../core/names.ts";
import factory from "../factory.config.ts";
import { type InstalledPackage, installedAt } from "../local/instances/installed-packages.ts";
import { publications } from "./publications.ts";

/** The systems of the example's images, by the names of their pipelines. */
const systems = new Map(
  Object.entries(factory.images).map(([image, { os }]) => [pipelineName(factory.name, image), os] as const),
);

/**
 * The packages of one of the example's images that is built at a time, in milliseconds since 1970; the web server has those
 * of its base, too.
 * @param image the name in the ARNs of its builds
 */
export function packagesAt(image: string, time: number): InstalledPackage[] {
  const os = systems.get(image);
  if (os !== "al2023" && os !== "ubuntu-2404") throw new Error(`The month has no packages for ${image} (${os}).`);
  return installedAt(publications, os, time).filter(({ name }) => name !== "nginx" || image.endsWith("web"));
}
