import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type * as z from "zod";
import { distributeImage } from "../adapters/image-builder.ts";
import { requireAmi } from "../adapters/ledger/ami-of.ts";
import { requireGateOpen } from "../adapters/ledger/evidence.ts";
import { findCopy, recordCopy } from "../adapters/ledger/promotion.ts";
import { distributionArn } from "../core/names.ts";
import { requireAmiId } from "../core/require-ami.ts";
import { combinedToken } from "../core/trigger-token.ts";
import { type BuildArn, buildArn } from "../events/ids.ts";
import { lambda } from "./lib/lambda.ts";
import { regionStateInput } from "./lib/promotion-input.ts";
import type { Step } from "./lib/step.ts";

/**
 * Starts one region's copy. Its image resource is stored first and then followed; its events mean nothing to us. Where
 * `instead` names the copy that was stored, and failed, another one takes its place.
 * @returns the copy to follow, with its AMI where it has been finished
 */
export const handler = lambda({
  input: regionStateInput.extend({ instead: buildArn.nullish() }),
  env: ["DISTRIBUTION_ROLE_ARN"],
  run: copyBuild,
});

type Asked = z.output<typeof regionStateInput> & { readonly instead?: BuildArn | null | undefined };
export async function copyBuild(
  { image, build, region, instead }: Asked,
  { settings, ledger, client }: Step<"DISTRIBUTION_ROLE_ARN">,
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
  // Somebody else was faster, with a copy of their own.
  return (await findCopy(ledger, build, region)) ?? { region, copy };
}
