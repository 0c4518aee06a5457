import { type InstalledPackage, installedAt } from "../cli/try/installed.ts";
import { pipelineName } from "../core/names.ts";
import factory from "../factory.config.ts";
import { publications } from "./publications.ts";

/** The systems of the example's images, by what their builds are called. */
const systems = new Map(
  Object.entries(factory.images).map(([image, { os }]) => [pipelineName(factory.name, image), os] as const),
);

/**
 * What lies in one of the example's images that is built at a time, in milliseconds since 1970; the web server's on top of
 * its base's.
 * @param image its name as in its builds' ARNs
 */
export function packagesAt(image: string, time: number): InstalledPackage[] {
  const os = systems.get(image);
  if (os !== "al2023" && os !== "ubuntu-2404") throw new Error(`The month has no packages for ${image} (${os}).`);
  return installedAt(publications, os, time).filter(({ name }) => name !== "nginx" || image.endsWith("web"));
}
