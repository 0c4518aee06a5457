import { EC2Client } from "@aws-sdk/client-ec2";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type * as z from "zod";
import { readImage } from "../../adapters/build/image-builder.ts";
import { readCopyBilling } from "../../adapters/evidence/ami-facts.ts";
import { NoAmiInRegion } from "../../adapters/promotion/ami-of.ts";
import { recordCopiedAmi } from "../../adapters/promotion/promotion.ts";
import { requireSameBilling } from "../../core/evidence/billing-code.ts";
import { imageResourceArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { regionStateInput } from "./promotion-input.ts";

const input = regionStateInput.extend({ copy: imageResourceArn });
export const handler = lambda({ input, run: keepCopy });

/**
 * Records the AMI that a finished distribution created in its region.
 * @throws BillingCodeChanged where its billing code differs from its source's
 */
export async function keepCopy({ build, region, copy }: z.output<typeof input>, { ledger, client }: Invocation) {
  const { amis } = await readImage(client(ImagebuilderClient), copy);
  const amiId = amis[region];
  if (!amiId) throw new NoAmiInRegion(build, region);
  const ec2 = (where: string) => client(EC2Client, where);
  const billing = await readCopyBilling(ec2, { region, ami: amiId });
  if (billing) requireSameBilling(`The copy in ${region}`, billing.copy, billing.source);
  await recordCopiedAmi(ledger, build, region, amiId);
  return { region, amiId };
}
