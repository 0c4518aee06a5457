import type * as z from "zod";
import type { exportFailed, exportReady } from "../events/export-ended.ts";
import { buildVersion } from "./build-arn.ts";
import type { Notice } from "./notice.ts";
import { sayBytes } from "./say-bytes.ts";

/** Which files there are of a build, and how somebody gets at them. */
export function describeExportReady({ image, channel, build, files }: z.output<typeof exportReady.detail>): Notice {
  return {
    title: `${image}: build ${buildVersion(build)} of ${channel} is exported`,
    lines: [
      ...files.map(
        ({ format, key, size, checksum }) => `${format}: ${key}, ${sayBytes(size)}, SHA-256 of parts ${checksum}`,
      ),
      "Beside each file lies its manifest, and the manifest's signature.",
    ],
    tone: "good",
    attributes: { event: "export.ready", image, channel },
    nextSteps: [`amint export ${image} --channel ${channel} --link`],
    resources: [build],
  };
}

/** Why there are no files of a build. */
export function describeExportFailed(failed: z.output<typeof exportFailed.detail>): Notice {
  const { image, channel, build, formats, tries, error } = failed;
  return {
    title: `${image}: build ${buildVersion(build)} of ${channel} could not be exported`,
    lines: [
      `Formats: ${formats.join(", ")}`,
      `Error: ${error}`,
      `It was tried ${tries} times; nothing of it is left but the files of other formats.`,
      "The channel points at the build all the same, and its AMIs are not touched.",
    ],
    tone: "bad",
    attributes: { event: "export.failed", image, channel },
    nextSteps: [`amint export ${image} --channel ${channel} --again`],
    resources: [build],
  };
}
