import { parseToeDocument, ToeDocumentError } from "component-runner/documents";
import { imageOsNames, imageSystemOf } from "../../../core/component/image-system.ts";

/** Windows documents cannot run on this machine. */
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

/** @param os as written in the config or on the command line @throws WindowsRefused */
export function refuseWindows(what: string, os: string): void {
  const known = imageOsNames.find((name) => name === os);
  if (known && imageSystemOf(known).platform === "Windows") throw new WindowsRefused(`${what} (${os})`);
}

/** Refuses a document that is valid for Windows but not for Linux. @throws WindowsRefused */
export function refuseForWindows(title: string, text: string): void {
  try {
    parseToeDocument(text, "Windows");
  } catch (error) {
    if (error instanceof ToeDocumentError) return;
    throw error;
  }
  throw new WindowsRefused(title);
}
