import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type * as z from "zod";
import { distributeImage } from "../../adapters/build/image-builder.ts";
import { requireGateOpen } from "../../adapters/evidence/evidence.ts";
import { requireAmi } from "../../adapters/promotion/ami-of.ts";
import { findCopy, recordCopy } from "../../adapters/promotion/promotion.ts";
import { requireAmiId } from "../../core/build/build-arn.ts";
import { combinedToken } from "../../core/build/reasons.ts";
import { distributionArn } from "../../core/names.ts";
import { type ImageResourceArn, imageResourceArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { regionStateInput } from "./promotion-input.ts";

/**
 * Starts one region's copy. The image resource is recorded first and then polled; its events are ignored. `instead`
 * names a failed recorded copy to replace.
 * @returns the copy to follow, with its AMI if it is complete
 */
export const handler = lambda({
  input: regionStateInput.extend({ instead: imageResourceArn.nullish() }),
  env: ["DISTRIBUTION_ROLE_ARN"],
  run: copyBuild,
});

type Asked = z.output<typeof regionStateInput> & { readonly instead?: ImageResourceArn | null | undefined };
export async function copyBuild(
  { image, build, region, instead }: Asked,
  { settings, ledger, client }: Invocation<"DISTRIBUTION_ROLE_ARN">,
) {
  await requireGateOpen(ledger, build);
  const started = await findCopy(ledger, build, region);
  if (started && started.copy !== instead) return started;
  const { place, factory, env } = settings;
  const copy = await distributeImage(client(ImagebuilderClient), {
    amiId: requireAmiId(await requireAmi(ledger, { image, build, region: place.region }, place.region)),
    distributionConfigurationArn: distributionArn(place, factory.name, image, region),
    executionRole: env.DISTRIBUTION_ROLE_ARN,
    clientToken: combinedToken([build, region, ...(started ? [started.copy] : [])]),
  });
  if (await recordCopy(ledger, build, { region, copy }, started?.copy)) return { region, copy };
  // Another invocation recorded its own copy first.
  return (await findCopy(ledger, build, region)) ?? { region, copy };
}
