import type { Deregistered, RetirableAmi } from "../../../adapters/retire-image.ts";

/** What retirement does, beside `Artifact`, to what a build yields in a region. Everything can be done twice. */
export interface Retirable {
  /** Undefined where it is gone. */
  readonly look: () => Promise<RetirableAmi | undefined>;
  /** From then on others do not find it in lists. It must be in the future. */
  readonly deprecateFrom: (at: Date) => Promise<void>;
  readonly forgetDeprecation: () => Promise<void>;
  /** Takes away a protection from being removed for good. */
  readonly unprotect: () => Promise<void>;
  /** Removes it for good, as far as its protection lets. */
  readonly deregister: () => Promise<Deregistered>;
}
