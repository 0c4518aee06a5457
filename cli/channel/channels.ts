import { SSMClient } from "@aws-sdk/client-ssm";
import { Command } from "commander";
import { type ChannelRecord, findChannel } from "../../adapters/channel/channels.ts";
import { type HistoryEntry, listMoves } from "../../adapters/channel/history.ts";
import { readParameter } from "../../adapters/channel/parameters.ts";
import type { Ledger } from "../../adapters/ledger/table.ts";
import { findRevocation } from "../../adapters/revocation/revocations.ts";
import { buildVersion } from "../../core/build/build-arn.ts";
import { parametersOf } from "../../core/channel/regions.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { channelParameter } from "../../core/names.ts";
import { loadFactory } from "../command/load-factory.ts";
import { openLedger, patient, readBlueprint } from "../command/open-ledger.ts";
import { printFound, printJson } from "../command/print.ts";
import { toCount } from "../command/print-log.ts";

interface Options {
  readonly last: number;
  readonly json?: true;
}

export interface ChannelStory {
  readonly channel: string;
  readonly pointed: ChannelRecord | undefined;
  /** Parameters that differ from the ledger. */
  readonly atOdds: readonly { readonly region: string; readonly says: string | undefined }[];
  readonly moves: readonly (HistoryEntry & { readonly revoked: boolean })[];
}

/** `amint channels <image>`: the builds in an image's channels, and the channels' moves. */
export const channelsCommand = (): Command =>
  new Command("channels")
    .description("show where an image's channels point in each region, and where they pointed before")
    .argument("<image>", "an image of factory.config.ts")
    .option("--last <number>", "number of moves to show per channel", toCount, 10)
    .action(channels);

async function channels(image: string, { last, json }: Options): Promise<void> {
  const factory = await loadFactory();
  const names = requireImage(factory, image).channels.map(({ name }) => name);
  const ledger = openLedger(await readBlueprint());
  const stories = await Promise.all(
    names.map((channel) => readStory(ledger, { factory: factory.name, image, channel })),
  );
  const shown = stories.map((story) => ({ ...story, moves: story.moves.slice(0, last) }));
  if (json) printJson({ image, channels: shown });
  else printFound(shown, (stories) => stories.flatMap(sayStory));
}

async function readStory(
  ledger: Ledger,
  { factory, image, channel }: { factory: string; image: string; channel: string },
): Promise<ChannelStory> {
  const pointed = await findChannel(ledger, image, channel);
  const wanted = parametersOf(pointed);
  const parameter = channelParameter(factory, image, channel);
  const said = await Promise.all(
    Object.keys(wanted).map(async (region) => ({
      region,
      says: await readParameter(new SSMClient(patient(region)), parameter),
    })),
  );
  const moves = await Promise.all(
    (await listMoves(ledger, image, channel))
      .toReversed()
      .map(async (move) => ({ ...move, revoked: !!move.build && !!(await findRevocation(ledger, move.build)) })),
  );
  return { channel, pointed, atOdds: said.filter(({ region, says }) => says !== wanted[region]), moves };
}

export const sayStory = ({ channel, pointed, atOdds, moves }: ChannelStory): string[] => [
  `${channel} points at ${pointed ? buildVersion(pointed.build) : "nothing"}`,
  ...Object.entries(pointed?.behind ?? {}).map(
    ([region, { why, build }]) => `  ${region} is behind, with ${build ? buildVersion(build) : "no build"}: ${why}`,
  ),
  ...atOdds.map(
    ({ region, says }) =>
      `  ${region}: its parameter has ${says ?? "no value"}, not ${parametersOf(pointed)[region]}: the channel is moving, or it was edited by hand`,
  ),
  ...moves.map(
    ({ movedAt, build, how = "promotion", by, because, revoked }) =>
      `  ${movedAt}  ${build ? buildVersion(build) : "nothing"}  ${how}${by ? ` by ${by}` : ""}` +
      `${because ? `: ${because}` : ""}${revoked ? "  (revoked)" : ""}`,
  ),
];
