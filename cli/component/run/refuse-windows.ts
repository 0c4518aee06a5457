import { parseToeDocument, ToeDocumentError } from "embedded-aws/documents";
import { imageOsNames, imageSystemOf } from "../../../core/component/image-system.ts";

/** Documents of Windows were asked to run on this machine. */
class WindowsRefused extends Error {
  override readonly name = "WindowsRefused";
  readonly code = "WindowsRefused";

  constructor(what: string) {
    super(
      `${what}: documents for Windows cannot run on this machine, only those for Linux. "amint components check" checks their ` +
        'PowerShell, and "amint try" builds the factory\'s images with simulated instances.',
    );
  }
}

/** @param os as the config or the command line names it @throws WindowsRefused */
export function refuseWindows(what: string, os: string): void {
  const known = imageOsNames.find((name) => name === os);
  if (known && imageSystemOf(known).platform === "Windows") throw new WindowsRefused(`${what} (${os})`);
}

/** A document that Linux refuses, and Windows does not. @throws WindowsRefused */
export function refuseForWindows(title: string, text: string): void {
  try {
    parseToeDocument(text, "Windows");
  } catch (error) {
    if (error instanceof ToeDocumentError) return;
    throw error;
  }
  throw new WindowsRefused(title);
}
