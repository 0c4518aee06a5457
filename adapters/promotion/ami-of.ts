import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { type BuildRecord, knownBuild } from "../build/builds.ts";
import { type LedgerRead, mapRead, read } from "../ledger/reads.ts";
import type { Ledger } from "../ledger/table.ts";
import { type CopyRecord, copyOf, listCopies } from "./promotion.ts";

interface At {
  readonly image: string;
  readonly build: BuildArn;
  readonly region: string;
}

/**
 * A build's AMI in a region: the tested AMI in the build region, its copy elsewhere.
 * @throws UnknownBuild, NoAmiInRegion where it does not exist (yet)
 */
export const amiIn = ({ image, build, region }: At, buildRegion: string): LedgerRead<ArtifactId> =>
  mapRead<{ readonly amiId?: ArtifactId | undefined } | undefined, ArtifactId>(
    region === buildRegion ? knownBuild(image, build) : copyOf(build, region),
    (holder) => {
      if (!holder?.amiId) throw new NoAmiInRegion(build, region);
      return holder.amiId;
    },
  );

/** @throws UnknownBuild, NoAmiInRegion where it does not exist (yet) */
export const requireAmi = (ledger: Ledger, at: At, buildRegion: string): Promise<ArtifactId> =>
  read(ledger, amiIn(at, buildRegion));

/** A build's AMIs, in every region that has one. */
export async function listAmis(
  ledger: Ledger,
  { build, amiId }: Pick<BuildRecord, "build" | "amiId">,
  buildRegion: string,
): Promise<{ readonly region: string; readonly amiId: ArtifactId }[]> {
  return amisOf({ amiId }, await listCopies(ledger, build), buildRegion);
}

/** The same, from copies that were already read. */
export const amisOf = (
  { amiId }: Pick<BuildRecord, "amiId">,
  copies: readonly CopyRecord[],
  buildRegion: string,
): { readonly region: string; readonly amiId: ArtifactId }[] =>
  [{ region: buildRegion, amiId }, ...copies].flatMap((one) =>
    one.amiId ? [{ region: one.region, amiId: one.amiId }] : [],
  );

export class NoAmiInRegion extends Error {
  override readonly name = "NoAmiInRegion";

  constructor(build: BuildArn, region: string) {
    super(`The build ${build} has no AMI in ${region}; it must be copied there first.`);
  }
}
