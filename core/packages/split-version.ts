/** A version's parts as they are written: `[epoch:]version[-release]`; rpm and dpkg cut it at the same places. */
interface VersionParts {
  readonly epoch: string | undefined;
  readonly version: string;
  readonly release: string | undefined;
}

/** What is before the first colon is the epoch, what is after the last hyphen is the release (dpkg: the revision). */
export function splitVersion(text: string): VersionParts {
  const colon = text.indexOf(":");
  const rest = text.slice(colon + 1);
  const hyphen = rest.lastIndexOf("-");
  return {
    epoch: colon < 0 ? undefined : text.slice(0, colon),
    version: hyphen < 0 ? rest : rest.slice(0, hyphen),
    release: hyphen < 0 ? undefined : rest.slice(hyphen + 1),
  };
}

/** The epoch as a number: none is 0; undefined for what is no whole number, or above `highest`. */
export function toEpoch(epoch: string | undefined, highest: number): number | undefined {
  if (epoch === undefined) return 0;
  return /^\d+$/.test(epoch) && Number(epoch) <= highest ? Number(epoch) : undefined;
}
