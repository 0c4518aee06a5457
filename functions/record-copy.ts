import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type * as z from "zod";
import { readImage } from "../adapters/image-builder.ts";
import { NoAmiInRegion } from "../adapters/ledger/ami-of.ts";
import { recordCopiedAmi } from "../adapters/ledger/promotion.ts";
import { buildArn } from "../events/ids.ts";
import { lambda } from "./lib/lambda.ts";
import { regionStateInput } from "./lib/promotion-input.ts";
import type { Step } from "./lib/step.ts";

const input = regionStateInput.extend({ copy: buildArn });
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
