import * as z from "zod";
import { keyOf } from "../../core/ledger/kinds.ts";
import type { Proven } from "../../core/share/decide-proof.ts";
import { type ArtifactId, artifactId, type BuildArn } from "../../events/ids.ts";
import type { Ledger } from "../ledger/table.ts";
import { derived, type Wanted, wanted } from "../ledger/wanted.ts";
import { writer } from "../ledger/writer.ts";

const proofWriter = /* @__PURE__ */ writer("proof");

const proof = z.object({ artifact: artifactId });

/** The artifact that was proven to be a build's while Image Builder listed the build. */
export const proofOf = (build: BuildArn, region: string): Wanted<ArtifactId | undefined> =>
  derived(wanted(keyOf("proof", { build, region }), proof), (found) => found?.artifact);

export const recordProof = (ledger: Ledger, build: BuildArn, region: string, artifact: Proven): Promise<boolean> =>
  proofWriter.put(ledger, keyOf("proof", { build, region }), { artifact });
