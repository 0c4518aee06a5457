import type * as z from "zod";
import type { exportFailed, exportReady } from "../../events/export.ts";
import { buildVersion } from "../build/build-arn.ts";
import type { Factory } from "../factory/factory-schema.ts";
import type { Notice } from "../notice/notice.ts";

/** The files that a build was exported to, and the command that links to them. */
export function describeExportReady({ image, channel, build, files }: z.output<typeof exportReady.detail>): Notice {
  return {
    title: `${image}: build ${buildVersion(build)} of channel ${channel} exported`,
    lines: [
      ...files.map(
        ({ format, key, size, checksum }) => `${format}: ${key}, ${sayBytes(size)}, SHA-256 of parts ${checksum}`,
      ),
      "Each file has a manifest and the manifest's signature beside it.",
    ],
    tone: "good",
    attributes: { event: "export.ready", image, channel },
    nextSteps: [`amint export ${image} --channel ${channel} --link`],
    resources: [build],
  };
}

/** Why a build was not exported. */
export function describeExportFailed(failed: z.output<typeof exportFailed.detail>): Notice {
  const { image, channel, build, formats, tries, error } = failed;
  return {
    title: `${image}: export of build ${buildVersion(build)} of channel ${channel} failed`,
    lines: [
      `Formats: ${formats.join(", ")}`,
      `Error: ${error}`,
      `Attempts: ${tries}. Partial files were removed; files of other formats were kept.`,
      "The channel still points at the build, and its AMIs are not affected.",
    ],
    tone: "bad",
    attributes: { event: "export.failed", image, channel },
    nextSteps: [`amint export ${image} --channel ${channel} --again`],
    resources: [build],
  };
}
const SIZES = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** A human-readable size: `912 MiB`, `7.4 GiB`. */
export function sayBytes(bytes: number): string {
  const power = bytes > 0 ? Math.min(Math.floor(Math.log2(bytes) / 10), SIZES.length - 1) : 0;
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 10 ? Math.round(value) : Number(value.toFixed(1))} ${SIZES[power]}`;
}

/** Whether any channel's builds are exported. */
export const hasExports = ({ images }: Pick<Factory, "images">): boolean =>
  Object.values(images).some(({ channels }) => channels.some((channel) => channel.exports));
