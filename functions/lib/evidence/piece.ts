import type { Evidence, EvidenceSource } from "../../../core/evidence.ts";
import type { BuildArn } from "../../../events/ids.ts";

/** The build whose evidence is collected. */
export interface Subject {
  readonly image: string;
  readonly build: BuildArn;
}

/** A piece of evidence with where it comes from. */
export interface Piece<Found extends Partial<Evidence>> {
  readonly found: Found;
  readonly sources: readonly EvidenceSource[];
}
