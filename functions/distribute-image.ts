import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { distributeImage } from "../adapters/image-builder.ts";
import { requireAmi } from "../adapters/ledger/ami-of.ts";
import { requireGateOpen } from "../adapters/ledger/evidence.ts";
import { findCopy, recordCopy } from "../adapters/ledger/promotion.ts";
import { distributionArn } from "../core/names.ts";
import { combinedToken } from "../core/trigger-token.ts";
import { lambda } from "./lib/lambda.ts";
import { regionStepInput } from "./lib/promotion-input.ts";

/** Starts one region's copy. Its image resource is stored first and then followed; its events mean nothing to us. */
export const handler = lambda({
  input: regionStepInput,
  env: ["DISTRIBUTION_ROLE_ARN"],
  clients: () => ({ imageBuilder: new ImagebuilderClient({}) }),
  async run({ image, build, region }, { settings, ledger, clients }) {
    await requireGateOpen(ledger, build);
    const started = await findCopy(ledger, build, region);
    if (started) return { region, copy: started.copy };
    const { place, factory, env } = settings;
    const copy = await distributeImage(clients.imageBuilder, {
      amiId: await requireAmi(ledger, { image, build, region: place.region }, place.region),
      distributionConfigurationArn: distributionArn(place, factory.name, image, region),
      executionRole: env.DISTRIBUTION_ROLE_ARN,
      clientToken: combinedToken([build, region]),
    });
    await recordCopy(ledger, build, { region, copy });
    return { region, copy };
  },
});
