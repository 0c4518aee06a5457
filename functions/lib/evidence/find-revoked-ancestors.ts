import { findBuild } from "../../../adapters/ledger/builds.ts";
import { findRevocation } from "../../../adapters/ledger/revocations.ts";
import type { Circumstances } from "../../../core/gate/circumstances.ts";
import type { Step } from "../step.ts";
import type { Subject } from "./piece.ts";

/** The builds that a build descends from and that somebody revoked: its parent, its parent's parent, and so on. */
export async function findRevokedAncestors(
  { image, build }: Subject,
  { ledger, settings }: Pick<Step, "ledger" | "settings">,
): Promise<Circumstances["revoked"]> {
  const revoked: { build: Subject["build"]; reason: string }[] = [];
  const seen = new Set<string>([build]);
  let at: Subject | undefined = { image, build };
  while (at) {
    const parent: string | undefined = parentImageOf(settings.factory, at.image);
    const ancestor: Subject["build"] | undefined = (await findBuild(ledger, at.image, at.build))?.parentBuild;
    if (!parent || !ancestor || seen.has(ancestor)) break;
    seen.add(ancestor);
    const revocation = await findRevocation(ledger, ancestor);
    if (revocation) revoked.push({ build: ancestor, reason: revocation.reason });
    at = { image: parent, build: ancestor };
  }
  return revoked;
}

function parentImageOf({ images }: Step["settings"]["factory"], image: string): string | undefined {
  const parent = images[image]?.parent;
  return parent && "image" in parent ? parent.image : undefined;
}
