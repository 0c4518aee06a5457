import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { readImage } from "../adapters/image-builder.ts";
import { NoAmiInRegion } from "../adapters/ledger/ami-of.ts";
import { recordCopiedAmi } from "../adapters/ledger/promotion.ts";
import { buildArn } from "../events/ids.ts";
import { lambda } from "./lib/lambda.ts";
import { regionStepInput } from "./lib/promotion-input.ts";

/** Remembers the AMI that a finished distribution made in its region. */
export const handler = lambda({
  input: regionStepInput.extend({ copy: buildArn }),
  clients: () => ({ imageBuilder: new ImagebuilderClient({}) }),
  async run({ build, region, copy }, { ledger, clients }) {
    const { amis } = await readImage(clients.imageBuilder, copy);
    const amiId = amis[region];
    if (!amiId) throw new NoAmiInRegion(build, region);
    await recordCopiedAmi(ledger, build, region, amiId);
    return { region, amiId };
  },
});
