import { SSMClient } from "@aws-sdk/client-ssm";
import { putEvent } from "../adapters/bus.ts";
import { findChannel } from "../adapters/ledger/channels.ts";
import { findEvidence } from "../adapters/ledger/evidence.ts";
import { findMove } from "../adapters/ledger/promotion.ts";
import { readParameter } from "../adapters/parameters.ts";
import { channelParameter } from "../core/names.ts";
import { channelMoved } from "../events/channel-moved.ts";
import { lambda } from "./lib/lambda.ts";
import { channelStepInput } from "./lib/promotion-input.ts";
import { perRegion } from "./lib/step.ts";

/**
 * Tells the world that a channel moved, once every region's parameter has the new AMI: SSM takes an AMI's value only
 * after it has checked it, and a child that starts before would build on the old one.
 */
export const handler = lambda({
  input: channelStepInput,
  clients: () => ({ ssm: perRegion((region) => new SSMClient({ region })) }),
  async run({ image, build, channel }, { settings, ledger, bus, clients }) {
    const pointed = await findChannel(ledger, image, channel);
    if (pointed?.build !== build) return { confirmed: false };
    const parameter = channelParameter(settings.factory.name, image, channel);
    for (const [region, amiId] of Object.entries(pointed.amis)) {
      const value = await readParameter(clients.ssm(region), parameter);
      if (value !== amiId) throw new ParameterNotYet(parameter, region, amiId, value);
    }
    const previous = (await findMove(ledger, build, channel))?.previous;
    const packages = (await findEvidence(ledger, build))?.packages;
    await putEvent(bus, channelMoved, {
      image,
      channel,
      build,
      ...(previous && { previousBuild: previous.build }),
      ...(packages && { packages }),
      regions: Object.fromEntries(
        Object.entries(pointed.amis).map(([region, amiId]) => [region, { amiId, parameter }]),
      ),
    });
    return { confirmed: true };
  },
});

/** SSM has not taken the value (yet): the state machine asks again, then gives up and takes the move back. */
export class ParameterNotYet extends Error {
  override readonly name = "ParameterNotYet";
  readonly code = "PARAMETER_NOT_YET";

  constructor(parameter: string, region: string, wanted: string, found: string | undefined) {
    super(`${parameter} in ${region} should say ${wanted} and says ${found ?? "nothing"}.`);
  }
}
