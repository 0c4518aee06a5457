import type * as z from "zod";
import { knownBuild } from "../../adapters/build/builds.ts";
import { evidenceOf } from "../../adapters/evidence/evidence.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { amiIn } from "../../adapters/promotion/ami-of.ts";
import { promotable } from "../../adapters/revocation/revocations.ts";
import { recordProof } from "../../adapters/share/verifications.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { factoryTags } from "../../core/factory/factory-tags.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { deprecatedAfter } from "../../core/share/plan-attributes.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { promotionInput, regionStateInput } from "../promotion/promotion-input.ts";
import { proveArtifact } from "./artifact-of.ts";
import { factsOf } from "./prove-artifact.ts";

const input = promotionInput.extend(regionStateInput.shape);
const env = ["SOURCE_COMMIT"] as const;
type PrepareInvocation = Invocation<(typeof env)[number]>;

/**
 * Sets tags and attributes of a build's AMI in one region before it is shared; EC2 does not copy them to other regions.
 * Records AWS's proof that the AMI is the build's, for the time when Image Builder no longer lists the build.
 */
export async function prepareImage({ image, build, region }: z.output<typeof input>, invocation: PrepareInvocation) {
  const { settings, ledger } = invocation;
  const { factory, place } = settings;
  const [, , , artifact, { startedAt }, evidence, ...facts] = await readBatch(ledger, [
    ...promotable(build),
    amiIn({ image, build, region }, place.region),
    knownBuild(image, build),
    evidenceOf(build),
    ...factsOf(build, region),
  ]);
  // The stack sets "unknown" without a commit.
  const commit = settings.env.SOURCE_COMMIT === "unknown" ? undefined : settings.env.SOURCE_COMMIT;
  const tags = {
    ...factoryTags(factory),
    "amint:image": image,
    "amint:build": buildVersion(build),
    ...(commit && { "amint:commit": commit }),
    ...(evidence?.packagesDigest && { "amint:packages": evidence.packagesDigest }),
  };
  const { retention } = requireImage(factory, image);
  const deprecatedFrom = new Date(Date.parse(startedAt) + deprecatedAfter(retention) * 1000);
  const handle = await proveArtifact({ build, region, artifact, facts }, invocation);
  const [, , provenBefore] = facts;
  if (provenBefore !== handle.id) await recordProof(ledger, build, region, handle.id);
  await handle.prepare({ tags, deprecatedFrom });
  return { region, amiId: artifact };
}

export const handler = lambda({ input, env, run: prepareImage });
