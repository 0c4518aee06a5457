import { stripVTControlCharacters } from "node:util";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import { SFNClient } from "@aws-sdk/client-sfn";
import { drawStatus } from "../../cli/status/draw-status.ts";
import type { Status } from "../../cli/status/shape.ts";
import { readStatus } from "../../cli/status/status.ts";
import example from "../../factory.config.ts";
import type { Deployed } from "../world/deployed.ts";
import { account } from "../world/running-factory.ts";

/** What `amint status` reads from, as the factory's account. */
export const readingOf = ({ ledger, client }: Pick<Deployed, "ledger" | "client">) => ({
  ledger,
  promotions: client(SFNClient),
  states: `arn:aws:states:eu-west-1:${account}`,
  imageBuilder: client(ImagebuilderClient),
  alarms: client(CloudWatchClient),
});

/** The overview of a running example factory, at its own time. */
export const statusOf = (running: Deployed, image?: string): Promise<Status> =>
  readStatus(readingOf(running), { factory: example, image, now: new Date(running.clock.now()) });

export const drawn = (status: Status): string => stripVTControlCharacters(drawStatus(status).join("\n"));
