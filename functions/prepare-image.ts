import type * as z from "zod";
import { amiIn } from "../adapters/ledger/ami-of.ts";
import { knownBuild } from "../adapters/ledger/builds.ts";
import { evidenceOf } from "../adapters/ledger/evidence.ts";
import { promotable } from "../adapters/ledger/revocations.ts";
import { readTogether } from "../adapters/ledger/wanted.ts";
import { buildVersion } from "../core/build-arn.ts";
import { deprecatedAfter } from "../core/factory/retention-schema.ts";
import { requireImage } from "../core/require-image.ts";
import { artifactOf } from "./lib/artifacts/artifact-of.ts";
import { lambda } from "./lib/lambda.ts";
import { promotionInput, regionStateInput } from "./lib/promotion-input.ts";
import type { Step } from "./lib/step.ts";

const input = promotionInput.extend(regionStateInput.shape);
const env = ["SOURCE_COMMIT"] as const;
type PrepareStep = Step<(typeof env)[number]>;

/**
 * Makes a build's AMI in one region as it is to be given to people: what it is, by its tags, and how it is to be used.
 * EC2 copies none of this to another region. An AMI that is so already costs a single call.
 */
export async function prepareImage({ image, build, region }: z.output<typeof input>, step: PrepareStep) {
  const { settings, ledger } = step;
  const { factory, place } = settings;
  const [, , , amiId, { startedAt }, evidence] = await readTogether(ledger, [
    ...promotable(build),
    amiIn({ image, build, region }, place.region),
    knownBuild(image, build),
    evidenceOf(build),
  ]);
  // The stack says "unknown" where nobody told it.
  const commit = settings.env.SOURCE_COMMIT === "unknown" ? undefined : settings.env.SOURCE_COMMIT;
  const tags = {
    "amint:factory": factory.name,
    "amint:image": image,
    "amint:build": buildVersion(build),
    ...(commit && { "amint:commit": commit }),
    ...(evidence?.packagesDigest && { "amint:packages": evidence.packagesDigest }),
  };
  const { retention } = requireImage(factory, image);
  const deprecatedFrom = new Date(Date.parse(startedAt) + deprecatedAfter(retention) * 1000);
  await artifactOf({ region, amiId }, step).prepare({ tags, deprecatedFrom });
  return { region, amiId };
}

export const handler = lambda({ input, env, run: prepareImage });
