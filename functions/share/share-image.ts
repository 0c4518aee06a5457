import type * as z from "zod";
import { putEvent } from "../../adapters/bus.ts";
import { readBatch } from "../../adapters/ledger/reads.ts";
import { amiIn } from "../../adapters/promotion/ami-of.ts";
import { promotable } from "../../adapters/revocation/revocations.ts";
import { artifactInChannel } from "../../core/containers/container-image.ts";
import { imageShared } from "../../events/share.ts";
import { approved } from "../approval/require-approved.ts";
import type { Invocation } from "../invocation.ts";
import { lambda } from "../lambda.ts";
import { channelStateInput, regionStateInput } from "../promotion/promotion-input.ts";
import { beforeShare, shareWithChannel } from "./share-with-channel.ts";

const input = channelStateInput.extend(regionStateInput.shape);

/** Grants a channel's consumers launch permission in one region, marks the AMI, and reads both back. */
export async function shareImage({ image, build, channel, region }: z.output<typeof input>, invocation: Invocation) {
  const { settings, ledger, bus } = invocation;
  const { factory, place } = settings;
  const [, , , , own, ...known] = await readBatch(ledger, [
    ...promotable(build),
    approved({ image, build, channel }, settings),
    amiIn({ image, build, region }, place.region),
    ...beforeShare({ image, build, channel, region }),
  ]);
  const artifact = artifactInChannel(own, factory.name, { image, channel });
  const sharedWith = await shareWithChannel({ image, build, channel, region, artifact, known }, invocation);
  await putEvent(bus, imageShared, { image, build, channel, region, amiId: artifact, sharedWith });
  return { region, amiId: artifact };
}

export const handler = lambda({ input, run: shareImage });
