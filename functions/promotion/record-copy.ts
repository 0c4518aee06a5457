import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type * as z from "zod";
import { readImage } from "../../adapters/build/image-builder.ts";
import { NoAmiInRegion } from "../../adapters/promotion/ami-of.ts";
import { recordCopiedAmi } from "../../adapters/promotion/promotion.ts";
import { imageResourceArn } from "../../events/ids.ts";
import { lambda } from "../lambda.ts";
import type { Step } from "../step.ts";
import { regionStateInput } from "./promotion-input.ts";

const input = regionStateInput.extend({ copy: imageResourceArn });
export const handler = lambda({
  input,
  run: keepCopy,
});

/** Remembers the AMI that a finished distribution made in its region. */
export async function keepCopy({ build, region, copy }: z.output<typeof input>, { ledger, client }: Step) {
  const { amis } = await readImage(client(ImagebuilderClient), copy);
  const amiId = amis[region];
  if (!amiId) throw new NoAmiInRegion(build, region);
  await recordCopiedAmi(ledger, build, region, amiId);
  return { region, amiId };
}
