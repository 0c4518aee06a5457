import type { ArtifactId, BuildArn } from "../../events/ids.ts";
import { type BuildRecord, readBuild } from "./builds.ts";
import { findCopy, listCopies } from "./promotion.ts";
import type { Ledger } from "./table.ts";

/**
 * A build's AMI in a region: in the build region the very one that was tested, elsewhere its copy.
 * @throws NoAmiInRegion where there is none (yet)
 */
export async function requireAmi(
  ledger: Ledger,
  { image, build, region }: { image: string; build: BuildArn; region: string },
  buildRegion: string,
): Promise<ArtifactId> {
  const holder = region === buildRegion ? await readBuild(ledger, image, build) : await findCopy(ledger, build, region);
  if (!holder?.amiId) throw new NoAmiInRegion(build, region);
  return holder.amiId;
}

/** A build's AMIs, in every region that has one. */
export async function listAmis(
  ledger: Ledger,
  { build, amiId }: Pick<BuildRecord, "build" | "amiId">,
  buildRegion: string,
): Promise<{ readonly region: string; readonly amiId: ArtifactId }[]> {
  const copies = await listCopies(ledger, build);
  return [{ region: buildRegion, amiId }, ...copies].flatMap((one) =>
    one.amiId ? [{ region: one.region, amiId: one.amiId }] : [],
  );
}

export class NoAmiInRegion extends Error {
  override readonly name = "NoAmiInRegion";
  readonly code = "NO_AMI_IN_REGION";

  constructor(build: BuildArn, region: string) {
    super(`The build ${build} has no AMI in ${region}; its copy is not finished or was never started.`);
  }
}
